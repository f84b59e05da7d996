"""Stores and facts for press reviews: whole ones, of which a test names only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.config.model import Config, Crawl, Office, Review, Source
from crawler.judging.ruletext import RuleText
from crawler.reporting.blocks import Entry, Heading, Paragraph, Report, Table, texts
from crawler.reporting.composing import compose
from crawler.reporting.counting import Around
from crawler.reporting.facts import Facts
from crawler.reporting.gathering import gather
from crawler.reporting.order import ReportOrder
from crawler.reporting.period import Period
from crawler.review.watched import SourceSeen
from crawler.times import VIETNAM
from storage.records import Article, Dating, RunReport
from storage.store import Store
from tests.review.stock import LABELS, NOW, WORDS, flags_on, keep_all, story

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22), "week")  # the one before NOW, a Monday
PROVINCES = {"baohatinh": "Hà Tĩnh", "baohungyen": "Hưng Yên", "kontumtv": "Kon Tum"}
OFFICE = Office(
    subject="phong trào X",
    parent_organ="Công an tỉnh",
    organ="Phòng PV05",
    organ_code="PV05",
    place="Hà Tĩnh",
    authority="TL. Giám đốc",
    signer_title="Trưởng phòng",
    signer="Lê Thị An",
    recipients=("Ban Giám đốc", "Đội 3"),
)
IN_WEEK = 5  # the first of the stories of stock.py that was published in WEEK; they are two hours apart


def config(path: Path = Path("config.toml"), rules: Sequence[str] = tuple(LABELS)) -> Config:
    """The three papers, and a rule for each topic."""
    return Config(
        path=path,
        store_path=path.parent / "store.sqlite",
        crawl=Crawl(),
        review=Review(),
        sources={
            name: Source(name, f"https://{name}.vn/", province=place) for name, place in PROVINCES.items()
        },
        rules=tuple(RuleText(name, LABELS[name], any_of=(WORDS[name],)) for name in rules),
    )


def fill(
    store: Store, numbers: Sequence[int], rules: Sequence[str] = ("phong_trao", "to_an_ninh")
) -> dict[int, int]:
    """The stories of these numbers, flagged; story → case."""
    told = [story(number) for number in numbers]
    return put(store, dict(zip(numbers, told, strict=True)), rules)


def put(store: Store, told: dict[int, Article], rules: Sequence[str] = ("phong_trao",)) -> dict[int, int]:
    """These articles, flagged where the rules' words stand in them; the key given → case."""
    keep_all(store, [(one, flags_on(one, rules)) for one in told.values()])
    cases = {article.key: case for case, article in store.articles.each()}
    return {number: cases[one.key] for number, one in told.items()}


def odd(number: int, **changed: Any) -> Article:
    """The story of that number with something about it changed; as new as the week's newest."""
    at = datetime(2026, 11, 20, 9, number % 60, tzinfo=VIETNAM)
    return replace(story(number), published=Dating(at, "minute", "selector"), **changed)


def crawl(store: Store, source: str, day: date, outcome: Any = "done") -> None:
    """A crawl of a source at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM)
    store.runs.end(store.runs.begin(source, 1, at), RunReport(outcome), at)


def facts_of(store: Store, order: ReportOrder | None = None, **around: Any) -> Facts:
    """The facts of an order, of WEEK if none is given, as of NOW."""
    known: dict[str, Any] = {"config": config(), "seen": (), "today": NOW.astimezone(VIETNAM).date()}
    return gather(store, order or ReportOrder(WEEK), Around(**{**known, **around}), NOW)


def report_of(store: Store, order: ReportOrder | None = None, **around: Any) -> Report:
    """The press review of these facts."""
    return compose(facts_of(store, order, **around))


def seen(name: str, state: str = "well") -> SourceSeen:
    """How a source is now."""
    return SourceSeen(name, f"https://{name}.vn/", True, state, (), NOW, "done", NOW, None, None, 0)


def said(report: Report) -> str:
    """Everything that it says, a line for each paragraph, heading and cell."""
    return "\n".join(_lines(report.blocks))


def chapter(report: Report, anchor: str) -> str:
    """What stands under a heading of the first level, up to the next."""
    places = [place for place, one in enumerate(report.blocks) if isinstance(one, Heading) and one.level == 1]
    first = next(place for place in places if getattr(report.blocks[place], "anchor", "") == anchor)
    last = min((place for place in places if place > first), default=len(report.blocks))
    return "\n".join(_lines(report.blocks[first:last]))


def entries(report: Report) -> list[str]:
    """What each article told in full says, its title first."""
    return ["\n".join(_lines(one.blocks)) for one in report.blocks if isinstance(one, Entry)]


def _lines(blocks: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for one in blocks:
        if isinstance(one, Heading):
            found.append(f"{one.number} {one.text}")
        elif isinstance(one, Paragraph):
            found.append(texts(one.runs))
        elif isinstance(one, Table):
            found += [" | ".join(texts(cell) for cell in row) for row in one.rows]
        elif isinstance(one, Entry):
            found += _lines(one.blocks)
    return [line.replace("\u00a0", " ") for line in found]
