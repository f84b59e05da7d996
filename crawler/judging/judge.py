"""Compiled rules, and the flags they put on an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from crawler.errors import RuleError
from crawler.judging.folding import spellings
from crawler.judging.grammar import parse
from crawler.judging.matching import Hits, Matcher
from crawler.judging.notation import NotationError, read_phrase
from crawler.judging.proving import Trial, merged
from crawler.judging.ruletext import ALL_FIELDS, RuleText
from crawler.judging.sentences import quote_bounds
from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Except,
    In,
    Literal,
    Near,
    Node,
    Not,
    Phrase,
    Times,
    fingerprint,
)
from crawler.judging.views import Span, View
from storage.records import Article, FieldName, Flag

MATCHING = "1"  # counted up when the same rule comes to match otherwise, so that every version changes
MOST_SPELLINGS = 50_000  # of all phrases of one rule


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be asked."""

    text: RuleText
    version: str
    node: Node
    needed: frozenset[Literal]  # without one of these it cannot be true


class Judge:
    """All rules over one article at a time; pure, and cheap where no rule matches."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._matcher = Matcher(literal for rule in rules for literal in literals(rule.node))

    def flags(self, article: Article) -> tuple[Flag, ...]:
        """One flag for every rule and field that proves it, rules in their order, title first."""
        view = View(article)
        hits = self._matcher.hits(view)
        if not hits:
            return ()
        trial = Trial(view, hits)
        return tuple(flag for rule in self.rules for flag in _flags(rule, trial, hits))


def compile_rules(rules: Iterable[RuleText]) -> Judge:
    """The judge of these rules; RuleError names the rule, the place in it and what was expected."""
    return Judge([compile_rule(text) for text in rules])


def compile_rule(text: RuleText) -> Rule:
    """One rule ready to be asked; RuleError says why it cannot be."""
    node = parse(text.name, text.query, text.lists) if text.query is not None else _from_lists(text)
    needed = _needed(node)
    if needed is None:
        raise RuleError(text.name, "expected a phrase that must stand there; NOT alone proves nothing")
    many = sum(prod(len(spellings(syllable)) for syllable in one.syllables) for one in set(literals(node)))
    if many > MOST_SPELLINGS:
        raise RuleError(text.name, f"asks for {many} spellings, more than {MOST_SPELLINGS}; split the rule")
    version = fingerprint(MATCHING, node, text.fields, tuple(sorted(text.sources)))
    return Rule(text, version, node, needed)


def literals(node: Node) -> Iterator[Literal]:
    """Every literal in the tree, those that must not stand included."""
    match node:
        case Phrase(chains):
            yield from (literal for chain in chains for slot in chain.slots for literal in slot)
        case About():
            pass
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from literals(part)
        case Near(left, right) | Except(left, right):
            yield from literals(left)
            yield from literals(right)
        case Not(part) | Times(_, part) | In(_, part):
            yield from literals(part)


def _needed(node: Node) -> frozenset[Literal] | None:
    """Literals of which one must occur for the node to be true; None where it can be true without any."""
    match node:
        case Phrase(chains):
            return frozenset(literal for chain in chains for literal in chain.slots[0])
        case AllOf(parts) | AtLeast(_, parts) | AnyOf(parts):
            needs = [_needed(part) for part in parts]
            return _of_all(needs) if isinstance(node, AllOf) else _of_some(node, needs)
        case Near(left, _) | Except(left, _):
            return _needed(left)
        case Times(_, part) | In(_, part):
            return _needed(part)
        case _:
            return None


def _of_all(needs: Sequence[frozenset[Literal] | None]) -> frozenset[Literal] | None:
    return min((need for need in needs if need is not None), key=len, default=None)


def _of_some(node: AnyOf | AtLeast, needs: Sequence[frozenset[Literal] | None]) -> frozenset[Literal] | None:
    known = [need for need in needs if need is not None]
    without = len(needs) - len(known)
    count = node.count if isinstance(node, AtLeast) else 1
    return None if without >= count else frozenset().union(*known)


def _from_lists(text: RuleText) -> Node:
    parts: list[Node] = []
    if text.any_of:
        parts.append(AnyOf(tuple(_listed(text, "any", text.any_of))))
    parts += _listed(text, "all", text.all_of)
    if text.none_of:
        parts.append(Not(AnyOf(tuple(_listed(text, "none", text.none_of)))))
    return AllOf(tuple(parts))


def _listed(text: RuleText, key: str, written: Sequence[str]) -> Iterator[Node]:
    for number, phrase in enumerate(written, 1):
        try:
            yield read_phrase(phrase, text.lists)
        except NotationError as error:
            trouble = f"in {key}, {phrase!r}: {error}"
            raise RuleError(text.name, trouble, line=number, column=error.place + 1) from error


def _flags(rule: Rule, trial: Trial, hits: Hits) -> Iterator[Flag]:
    text = rule.text
    if rule.needed.isdisjoint(hits) or (text.sources and trial.view.article.source not in text.sources):
        return
    proof = trial.prove(rule.node, trial.scope(text.fields))
    if proof is None:
        return
    spans = _by_field(trial.view, merged(proof))
    for field in ALL_FIELDS:
        if field in spans:
            yield _flag(rule, trial.view.article, field, spans[field])


def _by_field(view: View, places: Sequence[Span]) -> dict[FieldName, list[Span]]:
    spans: dict[FieldName, list[Span]] = {}
    for place in places:
        field, span = view.original(place)
        spans.setdefault(field, []).append(span)
    return spans


def _flag(rule: Rule, article: Article, field: FieldName, spans: Sequence[Span]) -> Flag:
    original: str = getattr(article, field)
    start, end = quote_bounds(original, *spans[0])
    text = rule.text
    return Flag(text.name, text.label, rule.version, field, tuple(spans), original[start:end], text.weight)
