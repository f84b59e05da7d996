"""A question in the rule language, asked of one article at a time: what a person types into a search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from crawler.judging.binding import Binder
from crawler.judging.grammar import parse
from crawler.judging.matching import Matcher
from crawler.judging.proving import Trial, merged
from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.sentences import quote_bounds
from crawler.judging.sieving import MOST_PHRASES, sieve_node
from crawler.judging.tree import AllOf, Dated, Node
from crawler.judging.views import View
from storage.folding import bare, is_bare
from storage.records import Article, FieldName, Flag

NAME = "search"
_WORD = re.compile(r"\w+")


class Question:
    """Unlike a rule it may ask for no phrase at all: `source:baohatinh AND NOT "thể thao"`."""

    def __init__(self, query: str, lists: Mapping[str, Sequence[str]]) -> None:
        """RuleError says where the query cannot be read, and what was expected."""
        node = parse(NAME, query, lists)
        expression = sieve_node(node)
        # None: the index cannot tell, every article must be asked
        self.expression = expression if expression and expression.count('"') <= 2 * MOST_PHRASES else None
        self.days = _days(node)  # published between these, both included; None: however early or late
        binder = Binder()
        self._node = binder.bind(node)
        self._matcher = Matcher(binder.numbers)

    def proof(self, article: Article) -> tuple[Flag, ...] | None:
        """What makes it true, as flags of no rule; None where it is not; none of them if true by absence."""
        view = View(article)
        trial = Trial(view, self._matcher.hits(view))
        proof = trial.prove(self._node, trial.scope(ALL_FIELDS))
        if proof is None:
            return None
        spans: dict[FieldName, list[tuple[int, int]]] = {}
        for place in merged(proof.places):
            field, span = view.original(place)
            spans.setdefault(field, []).append(span)
        return tuple(_shown(article, field, spans[field]) for field in ALL_FIELDS if field in spans)


def _days(node: Node) -> tuple[date | None, date | None]:
    """The days that must hold for the whole to be true."""
    parts = node.parts if isinstance(node, AllOf) else (node,)
    dated = [part for part in parts if isinstance(part, Dated)]
    first = max((one.first for one in dated if one.first), default=None)
    return first, min((one.last for one in dated if one.last), default=None)


def without_marks(query: str) -> str:
    """The same query, of which any marks will do."""
    return _WORD.sub(_bare_word, unicodedata.normalize("NFC", query))


def _bare_word(found: re.Match[str]) -> str:
    word = found[0]
    # In capitals it would be an abbreviation, which it was not: those bear no marks.
    return word if is_bare(word) else bare(word.lower())


def _shown(article: Article, field: FieldName, spans: Sequence[tuple[int, int]]) -> Flag:
    original: str = getattr(article, field)
    start, end = quote_bounds(original, *spans[0])
    return Flag(NAME, NAME, "", field, tuple(spans), original[start:end], 1.0)
