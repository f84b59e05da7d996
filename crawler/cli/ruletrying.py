"""The rules' own texts tried, for `diembao rules test`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.cli.output import as_json, emit, emit_list, one_line
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.cli.wanted import Wanted
    from crawler.judging.ruletext import RuleText
    from crawler.judging.trying import Failure


def try_all(wanted: Wanted, edit: str | None) -> int:
    """Every rule's own texts; 1 where one fails."""
    if edit is not None:
        raise UsageError("--edit wants the name of the rule that it is for")
    rules = wanted.load().rules
    failed = failed_texts(rules)
    if as_json(wanted):
        emit_list(wanted, ({"rule": one.rule, "failed": str(one)} for one in failed))
        return 1 if failed else 0
    tell_failures(failed)
    tried = sum(len(rule.expect) + len(rule.reject) for rule in rules)
    untried = [rule.name for rule in rules if not rule.expect and not rule.reject]
    emit(f"{tried - len(failed)} of {tried} texts of {len(rules)} rules are judged as they say")
    if untried:
        wanted.say(f"without a text of their own: {', '.join(untried)}")
    return 1 if failed else 0


def failed_texts(rules: Sequence[RuleText]) -> list[Failure]:
    """Those that are judged otherwise than they say; RuleError for a rule that cannot be read."""
    from crawler.judging.judge import compile_rule
    from crawler.judging.trying import failures

    return [failure for rule in rules for failure in failures(compile_rule(rule))]


def tell_failures(failed: Sequence[Failure]) -> None:
    """One line each."""
    for one in failed:
        emit(f"{one.rule}: {one_line(str(one))}")
