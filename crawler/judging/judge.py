"""Compiled rules, and the flags they put on an article."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from crawler.errors import RuleError
from crawler.judging.binding import Binder, literals, needed
from crawler.judging.grammar import parse
from crawler.judging.matching import Matcher
from crawler.judging.notation import NotationError, read_phrase
from crawler.judging.proving import Proof, Trial, joint, merged
from crawler.judging.ruletext import ALL_FIELDS, RuleText
from crawler.judging.sentences import quote_bounds
from crawler.judging.tree import AllOf, AnyOf, Literal, Node, Not, fingerprint
from crawler.judging.views import Span, View
from storage.folding import spellings
from storage.records import Article, FieldName, Flag, Level

MATCHING = "2"  # counted up when the same rule comes to match otherwise, so that every version changes
MOST_SPELLINGS = 50_000  # of all phrases of one rule


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be asked."""

    text: RuleText
    version: str
    node: Node  # true of an article that is about it
    mention: Node | None  # true of one that mentions it; None: the rule knows no mentions
    needed: frozenset[Literal]  # without one of these it is true at no level

    @property
    def widest(self) -> Node:
        """True wherever the rule is, at either level."""
        return self.node if self.mention is None else AnyOf((self.node, self.mention))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule bound to its judge."""

    rule: Rule
    levels: tuple[tuple[Level, Node], ...]  # the higher first
    needed: frozenset[int]


class Judge:
    """All rules over one article at a time; pure, and cheap where no rule matches."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        binder = Binder()
        self._ready = [_ready(rule, binder) for rule in rules]
        self._matcher = Matcher(binder.numbers)

    def flags(self, article: Article) -> tuple[Flag, ...]:
        """One flag for every rule and field that proves it, rules in their order, title first."""
        view = View(article)
        hits = self._matcher.hits(view)
        if not hits:
            return ()
        trial = Trial(view, hits)
        return tuple(flag for ready in self._ready for flag in _flags(ready, trial))

    def levels(self, article: Article) -> dict[str, Level]:
        """The rules that flag it, each with the level: the same as `flags` tells, without the proof."""
        view = View(article)
        hits = self._matcher.hits(view)
        if not hits:
            return {}
        trial = Trial(view, hits)
        found = ((ready.rule.text.name, _proof(ready, trial)) for ready in self._ready)
        return {name: proven[0] for name, proven in found if proven is not None}


def compile_rules(rules: Iterable[RuleText]) -> Judge:
    """The judge of these rules; RuleError names the rule, the place in it and what was expected."""
    return Judge([compile_rule(text) for text in rules])


def compile_rule(text: RuleText) -> Rule:
    """One rule ready to be asked; RuleError says why it cannot be."""
    node = parse(text.name, text.query, text.lists) if text.query is not None else _from_lists(text)
    mention = None
    if text.mention is not None:
        mention = parse(f"{text.name}.mention", text.mention, text.lists)
    wanted = frozenset().union(*(_needed(text.name, one) for one in (node, mention) if one is not None))
    _check_spellings(text.name, [one for one in (node, mention) if one is not None])
    version = fingerprint(MATCHING, node, mention, text.fields, tuple(sorted(text.sources)))
    return Rule(text, version, node, mention, wanted)


def _needed(name: str, node: Node) -> frozenset[Literal]:
    wanted = needed(node)
    if wanted is None:
        raise RuleError(name, "expected a phrase that must stand there; NOT alone proves nothing")
    return wanted


def _check_spellings(name: str, nodes: Sequence[Node]) -> None:
    many = spellings_asked(nodes)
    if many > MOST_SPELLINGS:
        raise RuleError(name, f"asks for {many} spellings, more than {MOST_SPELLINGS}; split the rule")


def spellings_asked(nodes: Iterable[Node]) -> int:
    """How many ways of writing their phrases are looked for."""
    asked = {literal for node in nodes for literal in literals(node)}
    return sum(prod(len(spellings(syllable)) for syllable in one.syllables) for one in asked)


def _ready(rule: Rule, binder: Binder) -> _Ready:
    levels: list[tuple[Level, Node]] = [("primary", binder.bind(rule.node))]
    if rule.mention is not None:
        levels.append(("mention", binder.bind(rule.mention)))
    return _Ready(rule, tuple(levels), binder.numbered(rule.needed))


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
    proven = _proof(ready, trial)
    if proven is not None:
        yield from _proven(ready.rule, proven[0], trial.view, proven[1])


def _proof(ready: _Ready, trial: Trial) -> tuple[Level, Proof] | None:
    """The highest level that the rule is true at, and why; None where it is not."""
    text, article = ready.rule.text, trial.view.article
    if ready.needed.isdisjoint(trial.hits) or (text.sources and article.source not in text.sources):
        return None
    scope = trial.scope(text.fields)
    for level, node in ready.levels:
        proof = trial.prove(node, scope)
        if proof is not None:
            return level, proof
    return None


def _proven(rule: Rule, level: Level, view: View, proof: Proof) -> Iterator[Flag]:
    spans, excluded, together = (
        _by_field(view, places) for places in (merged(proof.places), merged(proof.excluded), joint(proof))
    )
    score = scored(rule.text.weight, level, spans)
    for field in ALL_FIELDS:
        if field not in spans:
            continue
        original: str = getattr(view.article, field)
        start, end = quote_bounds(original, *spans[field][0])
        yield Flag(
            rule=rule.text.name,
            label=rule.text.label,
            version=rule.version,
            field=field,
            spans=tuple(spans[field]),
            quote=original[start:end],
            weight=rule.text.weight,
            level=level,
            score=score,
            absent=proof.absent,
            excluded=tuple(excluded.get(field, ())),
            together=tuple(together.get(field, ())),
        )


def scored(weight: float, level: Level, fields: Container[FieldName]) -> float:
    """The rule's weight, times 3 if the title proves it, 2 the lead, 1 the body; a tenth for a mention."""
    place = 3 if "title" in fields else 2 if "lead" in fields else 1
    return round(weight * place * (1.0 if level == "primary" else 0.1), 6)


def _by_field(view: View, places: Sequence[Span]) -> dict[FieldName, list[Span]]:
    spans: dict[FieldName, list[Span]] = {}
    for place in places:
        field, span = view.original(place)
        spans.setdefault(field, []).append(span)
    return spans
