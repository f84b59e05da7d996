"""Why a rule is true of an article or is not, term by term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.judging.binding import Binder
from crawler.judging.grammar import is_countable
from crawler.judging.judge import Rule
from crawler.judging.matching import Matcher
from crawler.judging.proving import Proof, Scope, Trial, merged, narrowed
from crawler.judging.tree import AllOf, AnyOf, AtLeast, Except, In, Near, Node, Not, Phrase, Points, Times
from crawler.judging.views import View
from crawler.judging.wording import wording
from storage.records import Article, FieldName, Level

MOST_SHOWN = 20  # places of one term


@dataclass(frozen=True, slots=True)
class Place:
    """Where something that a term looks for stands."""

    field: FieldName
    start: int  # code points of the stored field
    end: int  # exclusive
    text: str

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {"field": self.field, "start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Term:
    """One node of a rule: what it says, whether that is so, and why."""

    written: str  # in the rule language
    is_true: bool
    why: str  # in a few words; empty where the parts or places say it
    places: tuple[Place, ...] = ()
    parts: tuple[Term, ...] = ()

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "written": self.written,
            "true": self.is_true,
            "why": self.why,
            "places": [place.told() for place in self.places],
            "parts": [part.told() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one rule in one article."""

    rule: str
    label: str
    version: str
    level: Level | None  # None: it does not flag the article
    why: str  # why it was not even asked; empty where it was
    terms: dict[Level, Term] = field(default_factory=dict)  # the query, and the mention where there is one

    def told(self) -> dict[str, Any]:
        """As `rules explain --json` shows it."""
        terms = {level: term.told() for level, term in self.terms.items()}
        return {
            "rule": self.rule,
            "label": self.label,
            "version": self.version,
            "level": self.level,
            "why": self.why,
            "terms": terms,
        }


def explain(rule: Rule, article: Article) -> Explanation:
    """Every term of the rule, true or not, with its places in the article."""
    text = rule.text
    if text.sources and article.source not in text.sources:
        why = f"looks only at {', '.join(text.sources)}, and this is of {article.source}"
        return Explanation(text.name, text.label, rule.version, None, why)
    terms = _Explainer(rule, article).terms()
    level = next((level for level, term in terms.items() if term.is_true), None)
    return Explanation(text.name, text.label, rule.version, level, "", terms)


class _Explainer:
    def __init__(self, rule: Rule, article: Article) -> None:
        self._rule = rule
        self._binder = Binder()
        self._binder.bind(rule.widest)  # every literal gets its number before they are looked for
        self._view = View(article)
        self._trial = Trial(self._view, Matcher(self._binder.numbers).hits(self._view))

    def terms(self) -> dict[Level, Term]:
        scope = self._trial.scope(self._rule.text.fields)
        found: dict[Level, Term] = {"primary": self._term(self._rule.node, scope)}
        if self._rule.mention is not None:
            found["mention"] = self._term(self._rule.mention, scope)
        return found

    def _term(self, node: Node, scope: Scope) -> Term:
        proof = self._trial.prove(self._binder.bind(node), scope)
        parts = tuple(self._term(part, inner) for part, inner in self._parts(node, scope))
        why = self._why(node, scope, parts, is_true=proof is not None)
        return Term(wording(node), proof is not None, why, self._places(node, proof), parts)

    def _parts(self, node: Node, scope: Scope) -> Iterator[tuple[Node, Scope]]:
        match node:
            case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
                yield from ((part, scope) for part in parts)
            case Points(_, weighted):
                yield from ((part, scope) for _, part in weighted)
            case Near(left, right) | Except(left, right):
                yield from ((left, scope), (right, scope))
            case Not(part) | Times(_, part):
                yield part, scope
            case In(places, part):
                yield part, narrowed(scope, self._trial.scope(places))

    def _places(self, node: Node, proof: Proof | None) -> tuple[Place, ...]:
        """Of what has no parts to show them: phrases, and what joins phrases into occurrences."""
        if proof is None or not isinstance(node, Phrase | Near | Except):
            return ()
        return tuple(map(self._place, merged(proof.places)[:MOST_SHOWN]))

    def _place(self, span: tuple[int, int]) -> Place:
        field, (start, end) = self._view.original(span)
        return Place(field, start, end, self._view.said(span))

    def _why(self, node: Node, scope: Scope, parts: Sequence[Term], *, is_true: bool) -> str:
        match node:
            case Phrase():
                return "" if is_true else "stands nowhere here"
            case Not():
                return "" if is_true else "it stands there"
            case AtLeast(count, _):
                return f"{sum(part.is_true for part in parts)} are true, {count} are wanted"
            case Points(least, weighted):
                pairs = zip(weighted, parts, strict=True)
                return f"{sum(weight for (weight, _), part in pairs if part.is_true):g} of {least:g} points"
            case Times(count, part):
                times = self._trial.times(self._binder.bind(part), scope)
                return f"stands {times} times, {count} are wanted"
            case Near() if not is_true and all(part.is_true for part in parts):
                return "both stand there, but not near enough"
            case Except() if not is_true and parts[0].is_true:
                return "it stands only where the other does"
        return "" if is_true or parts or is_countable(node) else "not of this article"
