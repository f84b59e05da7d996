"""The account at the end of a soak: what was printed is stored, once each, and every decision stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bench.soaking.judging import Finding
from bench.soaking.papers import Papers
from bench.soaking.person import Decided
from bench.soaking.sampling import rows
from storage.cases import CaseQuery
from storage.records import Case
from storage.store import Store

_NAMED = 5


def reckoned(store_path: Path, papers: Papers, decided: Iterable[Decided]) -> tuple[Finding, ...]:
    """Articles, decisions, and what was noticed of edits and deletions."""
    with Store.open(store_path) as store:
        cases = [*store.cases.find(CaseQuery())]
        return (
            _all_stored(cases, papers),
            _once_each(cases),
            _decisions_stand(cases, decided, rows(store_path)["verdicts"]),
            _edits(cases, papers.edited),
            _gone(cases, papers.deleted),
        )


def _all_stored(cases: Iterable[Case], papers: Papers) -> Finding:
    published = papers.published
    lost = sorted(published - {case.article.key for case in cases})
    told = f"{len(published)} printed, {len(lost)} lost"
    return Finding(not lost, f"{told}: {', '.join(lost[:_NAMED])}" if lost else told)


def _once_each(cases: Iterable[Case]) -> Finding:
    keys = [case.article.key for case in cases]
    return Finding(len(keys) == len(set(keys)), f"{len(keys)} articles under {len(set(keys))} keys")


def _decisions_stand(cases: Iterable[Case], decided: Iterable[Decided], stored: int) -> Finding:
    stand = {case.article.key: case.verdict for case in cases}
    wanted = [*decided]
    lost = [
        one.key
        for one in wanted
        if (verdict := stand.get(one.key)) is None
        or (verdict.decision, verdict.note) != (one.decision, one.note)
    ]
    told = f"{len(wanted)} decided, {stored} decisions stored, {len(lost)} of them lost"
    return Finding(not lost and stored == len(wanted), told)


def _edits(cases: Iterable[Case], edited: set[str]) -> Finding:
    """Sitemaps tell of an edit at once, later looks find the others; the last may not be seen yet."""
    revised = {case.article.key for case in cases if case.revision > 1}
    seen = len(edited & revised)
    return Finding(seen > 0 or not edited, f"{seen} of {len(edited)} edited articles have a new revision")


def _gone(cases: Iterable[Case], deleted: set[str]) -> Finding:
    missed = {case.article.key for case in cases if case.gone_at is not None}
    seen = len(deleted & missed)
    return Finding(True, f"{seen} of {len(deleted)} deletions seen")
