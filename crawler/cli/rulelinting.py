"""`diembao rules lint`: what is wrong, or idle, or dear in rules and lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list, plain
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.config import Config
    from crawler.judging.complaining import Complaint


@click.command("lint", cls=Command, data=True)
@click.argument("name", metavar="[NAME]", required=False, help="Only this rule and the lists it uses.")
@pass_wanted
def lint(wanted: Wanted, name: str | None) -> int:
    """Tell what is wrong, or idle, or dear in the rules and lists; exit code 1 where a rule cannot work.

    Errors come first, then warnings; hints are shown with -v, and always as JSON.
    """
    config = wanted.load()
    if name is not None and name not in {rule.name for rule in config.rules}:
        raise UsageError.unknown("rule", name, [rule.name for rule in config.rules])
    complaints = _complaints(config, name)
    if as_json(wanted):
        emit_list(wanted, (one.told() for one in complaints))
    else:
        for one in complaints:
            if one.severity != "hint" or wanted.verbose:
                emit(plain(one.sentence()))
        wanted.say(_summary(complaints, verbose=bool(wanted.verbose)))
    return 1 if any(one.severity == "error" for one in complaints) else 0


def _complaints(config: Config, name: str | None) -> list[Complaint]:
    """All of them, or those about one rule and its lists; the others are read too, for what they share."""
    from crawler.judging.linting import Known
    from crawler.judging.linting import lint as linted

    sources = {source.name: source.enabled for source in config.sources.values()}
    found = linted(config.rules, Known(config.lists, sources))
    if name is None:
        return list(found)
    lists = next(rule.lists for rule in config.rules if rule.name == name)
    wanted = {f"rules.{name}", *(f"lists.{one}" for one in lists)}
    return [one for one in found if one.where in wanted]


def _summary(complaints: Sequence[Complaint], *, verbose: bool) -> str:
    counts = Counter(one.severity for one in complaints)
    hints = "" if verbose or not counts["hint"] else " (-v shows them)"
    told = [f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}" for one in ("error", "warning", "hint")]
    return ", ".join(told) + hints
