"""Everything a press review tells, read from the store at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler.errors import RuleError
from crawler.judging.judge import compile_rule
from crawler.judging.ruletext import RuleText
from crawler.reporting.counting import Around, count
from crawler.reporting.facts import Facts, InForce
from crawler.reporting.order import ReportOrder
from crawler.reporting.picking import Proofs, copies_of, pick, without
from crawler.urls import authority
from storage.citations import CitationQuery
from storage.records import Case
from storage.store import Store


def gather(store: Store, order: ReportOrder, around: Around, as_of: datetime) -> Facts:
    """The facts of the order, all of one state of the store: that which is held, else the newest."""
    with store.snapshot() as now:
        return _gathered(now, order, around, as_of)


def _gathered(store: Store, order: ReportOrder, around: Around, as_of: datetime) -> Facts:
    proofs: Proofs = {}
    full = pick(store, order.full, order, proofs)
    short = without(pick(store, order.short, order, proofs), full)
    sources = around.config.sources
    return Facts(
        order=order,
        as_of=as_of,
        counts=count(store, order, around),
        full=full,
        short=short,
        proof=proofs,
        copies=copies_of(store, full.cases, dropped=order.taken in {"all", "drop"}),
        everywhere=_everywhere(store, order, full.cases),
        rules=tuple(map(_in_force, around.config.rules)),
        homes={name: authority(source.home) for name, source in sources.items()},
        provinces={name: source.province for name, source in sources.items() if source.province},
        recorded_since=store.recorded_since(),
    )


def _in_force(text: RuleText) -> InForce:
    """A rule that cannot be read stops no press review: it flags nothing, and is told to be so."""
    try:
        return InForce(text.name, text.label, compile_rule(text).version)
    except RuleError:
        return InForce(text.name, text.label, None)


def _everywhere(store: Store, order: ReportOrder, cases: Iterable[Case]) -> dict[str, int]:
    """How many articles of the period cite each document that one of the cases cites."""
    keys = {one.key for case in cases if case.cited for one in case.cited.citations}
    if not keys:
        return {}
    found = store.citations.documents(CitationQuery(order.source, order.since, order.before))
    return {one.citation.key: one.articles for one in found if one.citation.key in keys}
