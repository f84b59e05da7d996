"""The options that choose cases, and the check that what they name exists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.cli.output import Named
from crawler.errors import UsageError
from crawler.times import day_start, moment_meant
from storage.cases import CaseQuery

if TYPE_CHECKING:
    from crawler.config import Config
    from storage.store import Store

_Function = TypeVar("_Function", bound=Callable[..., Any])

CASE = click.IntRange(1, 2**63 - 1)  # as SQLite numbers rows
DECISION = Named("decision", ("keep", "drop", "later"))


LAST = datetime.min.replace(tzinfo=UTC)  # of --since: what changed since the last export


class Day(click.ParamType[datetime]):
    """`2026-11-23` or `23/11/2026`: its first moment in Vietnam."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; UsageError for what is no day."""
        if isinstance(value, datetime):
            return value
        try:
            return day_start(value)
        except ValueError as error:
            raise UsageError(str(error)) from error


class DayOrLast(Day):
    """The same, or `last`."""

    name = "day or last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, or LAST."""
        return LAST if value == "last" else super().convert(value, param, ctx)


class Moment(click.ParamType[datetime]):
    """A day, which is its last moment, or `2026-11-23T18:30` in Vietnam's time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; UsageError for what is none."""
        try:
            return value if isinstance(value, datetime) else moment_meant(value)
        except ValueError as error:
            raise UsageError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Chosen:
    """The answers to the options of `choosing`; None where not asked."""

    rule: str | None
    source: str | None
    since: datetime | None
    until: datetime | None  # the first moment of the last day

    @property
    def before(self) -> datetime | None:
        """The first moment after the last day."""
        return self.until + timedelta(days=1) if self.until else None

    def check(self, config: Config, store: Store) -> None:
        """UsageError for days that cross, and for a rule or source nobody has heard of."""
        if self.since and self.before and self.since >= self.before:
            raise UsageError("--since is later than --until")

        rules = [rule.name for rule in config.rules]
        if (
            self.rule
            and self.rule not in rules
            and not store.cases.count(CaseQuery(rule=self.rule, mentions=True))
        ):
            raise UsageError.unknown("rule", self.rule, rules)
        if (
            self.source
            and self.source not in config.sources
            and not store.cases.count(CaseQuery(source=self.source))
        ):
            raise UsageError.unknown("source", self.source, config.sources)


_SINCE = click.option(
    "--since",
    type=Day(),
    metavar="DAY",
    help="Published on this day or later (2026-11-23 or 23/11/2026).",
)
_SINCE_LAST = click.option(
    "--since",
    type=DayOrLast(),
    metavar="DAY|last",
    help="Published on this day or later; last: only what changed since the last export under that name.",
)
_OPTIONS = (
    click.option("--rule", metavar="RULE", help="Only cases that this rule flagged."),
    click.option("--source", metavar="SOURCE", help="Only articles of this source."),
    _SINCE,
    click.option(
        "--until", type=Day(), metavar="DAY", help="Published on this day or earlier, the day included."
    ),
)


def choosing(function: _Function) -> _Function:
    """Add --rule, --source, --since and --until; the command passes them on as Chosen(**asked)."""
    return _with(function, _OPTIONS)


def choosing_since_last(function: _Function) -> _Function:
    """The same, with a --since that may be LAST."""
    return _with(function, [_SINCE_LAST if option is _SINCE else option for option in _OPTIONS])


def _with(function: _Function, options: Sequence[Callable[[_Function], _Function]]) -> _Function:
    for option in reversed(options):
        function = option(function)
    return function


def limited(what: str = "") -> Callable[[_Function], _Function]:
    """Add --limit, of cases or of `what` is listed; 0 passes on as 0 and means all."""
    most = f"At most so many {what}".rstrip()
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        metavar="N",
        default=20,
        show_default=True,
        help=f"{most}; 0: all.",
    )
