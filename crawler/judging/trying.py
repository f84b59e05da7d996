"""A rule's own test: the texts that it must call its own, and those that it must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.errors import RuleFailsItsTest
from crawler.judging.judge import Judge, Rule, compile_rule
from crawler.judging.ruletext import RuleText
from storage.records import Article, Level

_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Failure:
    """One text of a rule that it judges otherwise than its author meant."""

    rule: str
    kind: Literal["expect", "reject"]
    number: int  # counted from 1
    text: str
    level: Level | None  # at which the rule flags it; None: not at all

    def __str__(self) -> str:
        flagged = "is not flagged" if self.level is None else f"is flagged as {self.level}"
        return f"{self.kind} {self.number} {flagged}: {self.text!r}"


def failures(rule: Rule) -> Iterator[Failure]:
    """The texts of the rule that fail."""
    judge = Judge([rule])
    for number, text in enumerate(rule.text.expect, 1):
        level = _level(judge, rule, text)
        if level != "primary":
            yield Failure(rule.text.name, "expect", number, text, level)
    for number, text in enumerate(rule.text.reject, 1):
        level = _level(judge, rule, text)
        if level == "primary":
            yield Failure(rule.text.name, "reject", number, text, level)


def tried_rules(texts: Iterable[RuleText]) -> Judge:
    """The judge of these rules; RuleError if one cannot be read, RuleFailsItsTest if one fails its own."""
    rules = [compile_rule(text) for text in texts]
    _check(rules)
    return Judge(rules)


def written_article(text: str, source: str) -> Article:
    """The article that `title | body`, or a title alone, stands for."""
    title, _, body = text.partition(_BETWEEN)
    return Article(
        key=f"{source}:test",
        source=source,
        url="https://example.invalid/",
        title=title.strip(),
        lead=None,
        body=body.strip(),
        authors=(),
        section=None,
        tags=(),
        published=None,
        images=(),
    )


def _check(rules: Sequence[Rule]) -> None:
    for rule in rules:
        first = next(failures(rule), None)
        if first is not None:
            raise RuleFailsItsTest(rule.text.name, str(first))


def _level(judge: Judge, rule: Rule, text: str) -> Level | None:
    source = rule.text.sources[0] if rule.text.sources else "test"
    flag = next(iter(judge.flags(written_article(text, source))), None)
    return flag.level if flag else None
