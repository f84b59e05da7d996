"""`diembao rules explain`: why each rule flags an article or does not, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from crawler.cli.choosing import CASE
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list, faint, one_line
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from storage.errors import NoSuchCase

if TYPE_CHECKING:
    from crawler.judging.explaining import Explanation, Term
    from crawler.judging.ruletext import RuleText

_LEVELS = {"primary": "about it", "mention": "mentions it", None: "not flagged"}
_WIDEST = 100  # characters of a term that are shown


@click.command("explain", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@click.argument("rule", metavar="[RULE]", required=False, help="Only this rule; else all of them.")
@pass_wanted
def explain(wanted: Wanted, number: int, rule: str | None) -> None:
    """Show why each rule flags an article or does not, term by term, by the rules as they are now."""
    from crawler.judging.explaining import explain as explained
    from crawler.judging.judge import compile_rule

    rules = _chosen(wanted.load().rules, rule)
    with wanted.store() as store:
        case = store.cases.get(number)
        if case is None:
            raise NoSuchCase(store.path, number)
    found = (explained(compile_rule(one), case.article) for one in rules)
    if as_json(wanted):
        emit_list(wanted, (one.told() for one in found))
        return
    emit(one_line(case.article.title))
    for one in found:
        emit("\n".join(_lines(one, whole=rule is not None or wanted.verbose > 0)))


def _chosen(rules: tuple[RuleText, ...], name: str | None) -> tuple[RuleText, ...]:
    if name is None:
        return rules
    chosen = tuple(rule for rule in rules if rule.name == name)
    if not chosen:
        raise UsageError.unknown("rule", name, [rule.name for rule in rules])
    return chosen


def _lines(found: Explanation, *, whole: bool) -> Iterator[str]:
    """A rule that flags nothing is shown with its terms only where something of it stands there."""
    yield f"\n{found.rule}: {_LEVELS[found.level]}{': ' + found.why if found.why else ''}"
    for level, term in found.terms.items():
        if whole or _stands(term):
            yield f"  {level}"
            yield from _shown(term, 2)
        if term.is_true and not whole:
            return


def _stands(term: Term) -> bool:
    return bool(term.places) or any(map(_stands, term.parts))


def _shown(term: Term, depth: int) -> Iterator[str]:
    written = one_line(term.written)
    cut = written if len(written) <= _WIDEST else written[: _WIDEST - 1] + "…"
    why = faint(f"  ({term.why})") if term.why else ""
    yield f"{'  ' * depth}{'✓' if term.is_true else '✗'} {cut}{why}"
    for place in term.places:
        yield f"{'  ' * depth}    {place.field} {place.start}–{place.end}  «{one_line(place.text)}»"
    for part in term.parts:
        yield from _shown(part, depth + 1)
