"""`diembao report`: the press review of a week or a month, as HTML and DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unicodedata import normalize

import click

from crawler.cli.choosing import Chosen, Moment, choosing
from crawler.cli.commanding import Command
from crawler.cli.output import Named, as_json, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import VIETNAM, exact, utc_now

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.config.model import Office
    from crawler.reporting.facts import Facts
    from crawler.reporting.order import Question, ReportOrder, Taken
    from crawler.reporting.period import Period
    from storage.store import Store

DECIDED = ("keep", "later", "new", "drop")
_MOST = 5_000  # articles that one document can bear


@dataclass(frozen=True, slots=True)
class _Typed:
    """A report as a command line says it; None where not asked."""

    week: str | None
    month: str | None
    formats: str
    out: Path | None
    query: str | None
    search: str | None
    decision: str | None
    all_: bool
    limit: int
    official: bool
    number: str | None
    organ: str | None
    place: str | None
    signer: str | None
    with_notes: bool
    as_of: datetime | None


@click.command("report", cls=Command, data=True)
@click.option(
    "--week",
    is_flag=False,
    flag_value="",
    metavar="[WEEK]",
    help="The last week that is over, or a week: 47, 2026-W47, or a day in it.",
)
@click.option(
    "--month",
    is_flag=False,
    flag_value="",
    metavar="[MONTH]",
    help="The last month that is over, or a month: 2026-11.",
)
@choosing
@click.option(
    "--query", metavar="QUERY", help="Only articles that this is true of, in the language of the rules."
)
@click.option("--search", metavar="NAME", help="Only articles that a saved search finds.")
@click.option(
    "--decision",
    type=Named("decision", DECIDED),
    help="Only cases with this decision, in full; else the kept in full and the undecided in a list.",
)
@click.option(
    "--all", "all_", is_flag=True, help="Every case in full, whatever was decided, dropped ones too."
)
@click.option(
    "--limit",
    type=click.IntRange(1, _MOST),
    metavar="N",
    default=500,
    show_default=True,
    help="At most so many articles in full, and in the list; what is left out is counted.",
)
@click.option(
    "--official", is_flag=True, help="In the office style of Nghị định 30/2020/NĐ-CP; see [report]."
)
@click.option("--number", metavar="N", help="Office style: the document's number.")
@click.option("--organ", metavar="TEXT", help="Office style: the organ that issues it; else [report] organ.")
@click.option("--place", metavar="TEXT", help="Office style: where it is signed; else [report] place.")
@click.option("--signer", metavar="TEXT", help="Office style: who signs; else [report] signer.")
@click.option("--with-notes", is_flag=True, help="Also what people noted when they decided, and their names.")
@click.option(
    "--as-of",
    type=Moment(),
    metavar="MOMENT",
    help="What was known then: 2026-11-23 (its end) or 2026-11-23T18:30. The last week is that before it.",
)
@click.option(
    "--format",
    "formats",
    default="html,docx",
    show_default=True,
    metavar="F[,F]",
    help="html, docx: one or both.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A folder, or a name without ending; else diem-bao-2026-W47 or the like, here.",
)
@pass_wanted
def report(wanted: Wanted, /, **asked: Any) -> None:
    """Write the press review of a week, a month or some days.

    One HTML file that loads nothing, and one DOCX. Kept articles are told in full with the words that prove
    them, flagged ones that nobody decided are listed, dropped ones stand nowhere. Days on which a paper
    could not be seen are named.
    """
    from crawler.reporting.gathering import gather
    from crawler.reporting.placing import destinations, place

    chosen = Chosen(**{key: asked.pop(key) for key in ("rule", "source", "since", "until")})
    typed, now = _Typed(**asked), _as_of(asked["as_of"])
    formats = _formats(typed.formats)
    period = _period(typed, chosen, now.astimezone(VIETNAM).date())
    paths = destinations(typed.out, f"diem-bao-{period.stem}", formats)
    config = wanted.load()
    with wanted.store() as store:
        chosen.check(config, store)
        order = _order(typed, chosen, period, config, store)
        with store.then(now, days=True) if typed.as_of else store.snapshot() as seen:
            facts = gather(seen, order, _around(config, seen, now), now)
    place({paths[name]: content for name, content in _written(facts, formats)})
    _tell(wanted, facts, list(paths.values()))


def _as_of(asked: datetime | None) -> datetime:
    now = utc_now()
    if asked and asked > now:
        raise UsageError(
            "--as-of is not over yet; leave it out for the store as it is, or name a moment before"
        )
    return asked or now


def _formats(text: str) -> tuple[str, ...]:
    from crawler.reporting.order import FORMATS

    named = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for name in named or [""]:
        if name not in FORMATS:
            raise UsageError.unknown("report format", name, FORMATS)
    return named


def _period(typed: _Typed, chosen: Chosen, today: date) -> Period:
    """The days asked for; UsageError unless they are asked for in one way."""
    from crawler.reporting.period import days_of, month_of, week_of

    ways = [typed.week is not None, typed.month is not None, chosen.since is not None]
    if sum(ways) != 1 or (chosen.until and not chosen.since):
        raise UsageError(
            "the report of which days? Give one of --week, --month, and --since with or without --until"
        )
    if typed.week is not None:
        return week_of(typed.week.strip(), today)
    if typed.month is not None:
        return month_of(typed.month.strip(), today)
    assert chosen.since is not None
    first = chosen.since.date()
    return days_of(first, chosen.until.date() if chosen.until else max(first, today), today)


def _order(typed: _Typed, chosen: Chosen, period: Period, config: Config, store: Store) -> ReportOrder:
    from crawler.reporting.order import ReportOrder

    if typed.all_ and typed.decision:
        raise UsageError("--all and --decision do not go together")
    if not typed.official and any([typed.number, typed.organ, typed.place, typed.signer]):
        raise UsageError("--number, --organ, --place and --signer are of the office style; add --official")
    order = ReportOrder(
        period=period,
        source=chosen.source,
        rule=chosen.rule,
        taken=cast("Taken", "all" if typed.all_ else typed.decision or "usual"),
        most=typed.limit,
        with_notes=typed.with_notes,
        official=typed.official,
        number=_line("--number", typed.number),
        office=_office(config.report, typed),
    )
    return _narrowed(order, typed, config, store)


def _office(office: Office, typed: _Typed) -> Office:
    """What config.toml says, but for what was typed."""
    return replace(
        office,
        organ=_line("--organ", typed.organ) or office.organ,
        place=_line("--place", typed.place) or office.place,
        signer=_line("--signer", typed.signer) or office.signer,
    )


def _line(option: str, text: str | None) -> str:
    line = normalize("NFC", " ".join((text or "").split()))
    if len(line) > 200 or not line.isprintable():
        raise UsageError(f"{option} is no line of at most 200 characters that can be printed")
    return line


def _narrowed(order: ReportOrder, typed: _Typed, config: Config, store: Store) -> ReportOrder:
    """With the question that was typed or saved; of a saved one all holds but its days."""
    if typed.query and typed.search:
        raise UsageError("--query and --search do not go together")
    if typed.query:
        return replace(order, question=_question(typed.query, None, {}, config))
    if not typed.search:
        return order
    saved = store.searches.get(typed.search)
    decided = saved.filters.get("decision")
    return replace(
        order,
        taken=cast("Taken", decided) if order.taken == "usual" and decided in DECIDED else order.taken,
        question=_question(saved.query, saved.name, saved.filters, config),
        source=order.source or saved.filters.get("source"),
        rule=order.rule or saved.filters.get("rule"),
    )


def _question(text: str, name: str | None, filters: Any, config: Config) -> Question:
    from crawler.cli.searching import read
    from crawler.reporting.order import Question

    return Question(text, name, read(text, config.lists), filters.get("marks", "few"))


def _around(config: Config, store: Store, now: datetime) -> Any:
    from crawler.reporting.counting import Around
    from crawler.watching.showing import Showing

    return Around(config, Showing(lambda: config, lambda: now)(store), now.astimezone(VIETNAM).date())


def _written(facts: Facts, formats: Sequence[str]) -> list[tuple[str, bytes]]:
    from crawler.reporting.composing import compose

    composed, found = compose(facts), []
    if "html" in formats:
        from crawler.reporting.webpage import webpage

        found.append(("html", webpage(composed).encode()))
    if "docx" in formats:
        from crawler.reporting.word import word_document

        found.append(("docx", word_document(composed)))
    return found


def _tell(wanted: Wanted, facts: Facts, paths: Sequence[Path]) -> None:
    full, short, total = facts.full, facts.short, facts.counts.whole.total
    told = f"{len(full.cases)} of {full.asked} articles in full, {len(short.cases)} of {short.asked} listed"
    wanted.say(f"{', '.join(map(str, paths))}: {told}")
    wanted.say(f"--as-of {exact(facts.as_of)} makes the same again")
    if total.blind:
        wanted.say(
            f"on {total.blind} of {total.watched} days of papers one could not be seen; they are named"
        )
    if as_json(wanted):
        emit_one(
            wanted,
            {
                "files": [str(path) for path in paths],
                "first": facts.order.period.first.isoformat(),
                "last": facts.order.period.last.isoformat(),
                "as_of": exact(facts.as_of),
                "full": {"told": len(full.cases), "asked": full.asked},
                "listed": {"told": len(short.cases), "asked": short.asked},
                "days": {"watched": total.watched, "blind": total.blind},
            },
        )
