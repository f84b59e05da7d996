"""Compiled rules, and the flags they put on an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from crawler.errors import RuleError
from crawler.judging.binding import Binder, literals, needed
from crawler.judging.grammar import parse
from crawler.judging.matching import Matcher
from crawler.judging.notation import NotationError, read_phrase
from crawler.judging.proving import Trial, merged
from crawler.judging.ruletext import ALL_FIELDS, RuleText
from crawler.judging.sentences import quote_bounds
from crawler.judging.tree import AllOf, AnyOf, Literal, Node, Not, fingerprint
from crawler.judging.views import Span, View
from storage.folding import spellings
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


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule bound to its judge."""

    rule: Rule
    node: Node
    needed: frozenset[int]


class Judge:
    """All rules over one article at a time; pure, and cheap where no rule matches."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        binder = Binder()
        self._ready = [_Ready(rule, binder.bind(rule.node), binder.numbered(rule.needed)) for rule in rules]
        self._matcher = Matcher(binder.numbers)

    def flags(self, article: Article) -> tuple[Flag, ...]:
        """One flag for every rule and field that proves it, rules in their order, title first."""
        view = View(article)
        hits = self._matcher.hits(view)
        if not hits:
            return ()
        trial = Trial(view, hits)
        return tuple(flag for ready in self._ready for flag in _flags(ready, trial))


def compile_rules(rules: Iterable[RuleText]) -> Judge:
    """The judge of these rules; RuleError names the rule, the place in it and what was expected."""
    return Judge([compile_rule(text) for text in rules])


def compile_rule(text: RuleText) -> Rule:
    """One rule ready to be asked; RuleError says why it cannot be."""
    node = parse(text.name, text.query, text.lists) if text.query is not None else _from_lists(text)
    wanted = needed(node)
    if wanted is None:
        raise RuleError(text.name, "expected a phrase that must stand there; NOT alone proves nothing")
    many = sum(prod(len(spellings(syllable)) for syllable in one.syllables) for one in set(literals(node)))
    if many > MOST_SPELLINGS:
        raise RuleError(text.name, f"asks for {many} spellings, more than {MOST_SPELLINGS}; split the rule")
    version = fingerprint(MATCHING, node, text.fields, tuple(sorted(text.sources)))
    return Rule(text, version, node, wanted)


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


def _flags(ready: _Ready, trial: Trial) -> Iterator[Flag]:
    text, article = ready.rule.text, trial.view.article
    if ready.needed.isdisjoint(trial.hits) or (text.sources and article.source not in text.sources):
        return
    proof = trial.prove(ready.node, trial.scope(text.fields))
    if proof is None:
        return
    spans = _by_field(trial.view, merged(proof))
    for field in ALL_FIELDS:
        if field in spans:
            yield _flag(ready.rule, article, field, spans[field])


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
