"""`diembao rules test`: what a rule, edited or not, would change on the whole store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from crawler.cli.choosing import limited
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_one, one_line
from crawler.cli.ruletrying import failed_texts, tell_failures, try_all
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.judging.ruletext import RuleText
    from crawler.laboratory.testing import Change, Decided, Tally


@click.command("test", cls=Command, data=True)
@click.argument(
    "name",
    metavar="[NAME]",
    required=False,
    help="The rule; with --edit it need not exist yet. Without: every rule's own texts alone.",
)
@click.option("--edit", metavar="QUERY", help="Try this query in place of the rule's own.")
@limited("changes")
@pass_wanted
def test(wanted: Wanted, name: str | None, edit: str | None, limit: int) -> int:
    """Show what a rule would newly flag in the whole store, and what no longer. Nothing is changed.

    The rule's own `expect` and `reject` texts are tried first; without a name, those of all rules.
    Flagged is what goes into the queue; articles that only mention the topic are counted apart. Of what is
    decided already it counts how much was kept and dropped, before and after. The full-text
    index chooses the articles to be judged; a sample of all others is judged as well, and told.
    """
    from crawler.laboratory.testing import Experiment

    if name is None:
        return try_all(wanted, edit)
    text = _text(wanted.load(), name, edit)
    failed = failed_texts([text])
    if not as_json(wanted):
        tell_failures(failed)
    with wanted.store() as store:
        experiment = Experiment(store, text)
        shown: list[Change] = []
        for change in experiment.changes(limit or None):
            shown.append(change)
            if not as_json(wanted):
                emit(_line(change))
        tally = experiment.tally
    if as_json(wanted):
        emit_one(
            wanted,
            {
                "rule": name,
                "failed": [str(one) for one in failed],
                **tally.told(),
                "changes": [one.told() for one in shown],
            },
        )
    else:
        _say(wanted, tally, len(shown))
    return 1 if tally.missed or failed else 0


def _text(config: Config, name: str, edit: str | None) -> RuleText:
    from crawler.judging.ruletext import RuleText

    known = {rule.name: rule for rule in config.rules}
    if edit is None:
        if name not in known:
            raise UsageError.unknown("rule", name, known)
        return known[name]
    old = known.get(name, RuleText(name, name))
    return replace(old, query=edit, any_of=(), all_of=(), none_of=(), lists=config.lists)


def _line(change: Change) -> str:
    sign = "+" if change.newly else "-"
    decided = {"keep": " [kept]", "drop": " [dropped]", "later": " [later]", None: ""}[change.decision]
    return f"{sign} {change.id:>6}{decided}  {one_line(change.title)}\n          {one_line(change.quote)}"


def _say(wanted: Wanted, tally: Tally, shown: int) -> None:
    emit(f"flagged: {tally.flagged_before} → {tally.flagged_after}, +{tally.newly} −{tally.gone}")
    if tally.mentions_before or tally.mentions_after:
        emit(f"mentions: {tally.mentions_before} → {tally.mentions_after}")
    emit(f"decided: {_decided(tally.before)} → {_decided(tally.after)}")
    wanted.say(f"judged {tally.candidates} of {tally.articles} articles, the index ruled the others out")
    wanted.say(f"of those, {tally.sampled} were judged as a sample: {tally.missed} flagged")
    if tally.missed:
        wanted.say("the index misses articles; run `diembao db check`")
    if shown < tally.newly + tally.gone:
        wanted.say(f"{shown} of {tally.newly + tally.gone} changes shown; --limit 0 shows all")


def _decided(decided: Decided) -> str:
    share = "" if decided.precision is None else f" ({decided.precision:.0%} kept)"
    return f"{decided.kept} kept, {decided.dropped} dropped{share}"
