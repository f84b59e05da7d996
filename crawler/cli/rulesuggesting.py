"""`diembao rules suggest`: phrases that tell what people kept of a rule's articles from what they dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.choosing import limited
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_one, one_line
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.judging.judge import Rule
    from crawler.laboratory.comparing import Comparison, Suggestion


@click.command("suggest", cls=Command, data=True)
@click.argument("name", metavar="NAME", help="The rule.")
@limited("phrases")
@pass_wanted
def suggest(wanted: Wanted, name: str, limit: int) -> None:
    """Suggest phrases that tell the kept articles of a rule from the dropped ones. Nothing is changed.

    Where fewer than 20 were kept or fewer than 20 dropped, its flagged articles are compared with articles
    that it does not flag. Of each phrase it is told in how many articles of either side it stands, how many
    standard errors its log-odds are from chance, and a sentence that it stands in.
    """
    from crawler.laboratory.comparing import ENOUGH, Comparison

    rule = _rule(wanted.load(), name)
    with wanted.store() as store:
        comparison = Comparison(store, rule)
        found = comparison.suggestions(limit or None) if comparison.is_possible else []
    if as_json(wanted):
        emit_one(wanted, _told(name, comparison, found))
    else:
        for one in found:
            emit(_line(one, comparison))
    kept, dropped = comparison.decided
    (first, second), sizes = comparison.names, comparison.sizes
    wanted.say(f"compared {sizes.first} {first} articles with {sizes.second} {second} ones")
    if comparison.kind == "flags":
        wanted.say(
            f"{kept} kept and {dropped} dropped are decided; with {ENOUGH} of each, those are compared"
        )
    if not comparison.is_possible:
        wanted.say("that is too little to tell anything; a new rule flags once `diembao reflag` has run")
    elif not found:
        wanted.say("no phrase tells them apart more surely than chance would")


def _rule(config: Config, name: str) -> Rule:
    from crawler.judging.judge import compile_rule

    known = {rule.name: rule for rule in config.rules}
    if name not in known:
        raise UsageError.unknown("rule", name, known)
    return compile_rule(known[name])


def _told(name: str, comparison: Comparison, found: list[Suggestion]) -> dict[str, object]:
    names, sizes = comparison.names, comparison.sizes
    compared = {names[0]: sizes.first, names[1]: sizes.second}
    return {"rule": name, "compared": compared, "suggestions": [one.told(names) for one in found]}


def _line(one: Suggestion, comparison: Comparison) -> str:
    (first, second), sizes, told = comparison.names, comparison.sizes, one.telling
    counts = f"{told.first} of {sizes.first} {first}, {told.second} of {sizes.second} {second}"
    return (
        f"{one.phrase}\n    for {one.speaks_for}: {counts}; z {abs(told.z):.1f}\n"
        f"    {one.article}: {one_line(one.example)}"
    )
