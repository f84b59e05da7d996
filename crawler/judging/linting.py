"""What is wrong, or idle, or dear in rules and lists: told before they are let loose."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.errors import RuleError
from crawler.judging.branches import settled, swallowed
from crawler.judging.complaining import SEVERITIES, Complaint
from crawler.judging.contradicting import Logic
from crawler.judging.costing import dear, spellings_trouble
from crawler.judging.judge import Rule, compile_rule
from crawler.judging.listlinting import lint_lists
from crawler.judging.misspelling import Slip, Words, known_words, slips
from crawler.judging.placing import Placed, pieces
from crawler.judging.ruletext import RuleText
from crawler.judging.tree import About, Node, Phrase, walk
from crawler.judging.wording import wording
from storage.folding import fold
from storage.records import Level

_DISABLED = "is disabled, so it brings nothing new; enable it or strike it out"
_UNTESTED = "has no test; give it a text that it must flag as `expect`, one that it must not as `reject`"


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may refer to."""

    lists: Mapping[str, Sequence[str]]
    sources: Mapping[str, bool] | None = None  # name → whether it is enabled; None: not known


def lint(rules: Sequence[RuleText], known: Known) -> tuple[Complaint, ...]:
    """All complaints about the rules and the lists, errors first, then in the order of the rules."""
    found: list[Complaint] = []
    compiled: list[Rule] = []
    for text in rules:
        try:
            compiled.append(compile_rule(text))
        except RuleError as error:
            found += _refusals(text, error)
    words = known_words(_all_written(compiled, known.lists))
    for rule in compiled:
        found += _lint_rule(rule, words, known)
    found += _twins(compiled)
    found += lint_lists(known.lists, rules, [node for rule in compiled for _, node in _levels(rule)], words)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: SEVERITIES.index(one.severity)))


def _refusals(text: RuleText, first: RuleError) -> Iterator[Complaint]:
    """Why it cannot be compiled: of both its queries, so that one error does not hide the other."""
    alone = replace(text, mention=None)
    of_mention = replace(alone, query=text.mention, any_of=(), all_of=(), none_of=())
    parts: tuple[tuple[Level, RuleText], ...] = (("primary", alone), ("mention", of_mention))
    troubles = [
        (level, error)
        for level, part in parts
        if part.query or part.any_of or part.all_of
        for error in _refused(part)
    ]
    for level, error in troubles or [("primary", first)]:
        trouble = str(error).removeprefix(f"rules.{text.name}: ")
        yield Complaint("error", f"rules.{text.name}", "", trouble, level)


def _refused(text: RuleText) -> Iterator[RuleError]:
    try:
        compile_rule(text)
    except RuleError as error:
        yield error


def _all_written(rules: Sequence[Rule], lists: Mapping[str, Sequence[str]]) -> list[str]:
    phrases = {phrase.written: None for rule in rules for phrase in _phrases(rule.widest)}
    return [*phrases, *(text for texts in lists.values() for text in texts)]


def _phrases(node: Node) -> Iterator[Phrase]:
    return (part for part in walk(node) if isinstance(part, Phrase))


def _levels(rule: Rule) -> Iterator[tuple[Level, Node]]:
    yield "primary", rule.node
    if rule.mention is not None:
        yield "mention", rule.mention


def _lint_rule(rule: Rule, words: Words, known: Known) -> Iterator[Complaint]:
    text, where = rule.text, f"rules.{rule.text.name}"
    logic = Logic(frozenset(fold(name).text for name in text.sources) or None)
    scope = pieces(text.fields)
    for level, node in _levels(rule):
        query = text.query if level == "primary" else text.mention
        for complaint in (
            *_senseless(logic, Placed(node, scope)),
            *dear(node, query),
            *(slip.complaint("") for phrase in _phrases(node) for slip in _slips(phrase, words)),
            *_sources_asked(node, known.sources),
        ):
            yield replace(complaint, where=where, level=level)
    if rule.mention is not None and logic.implies(Placed(rule.mention, scope), Placed(rule.node, scope)):
        trouble = "is true only where the rule itself is, so it adds nothing; widen it or strike it out"
        yield Complaint("warning", where, "", trouble, "mention")
    yield from _whole(rule, where, known)


def _senseless(logic: Logic, one: Placed) -> Iterator[Complaint]:
    if logic.is_never(one):
        yield Complaint("error", "", wording(one.node), "can never be true; mend what contradicts itself")
        return
    fixed = list(settled(logic, one))
    for part in fixed:
        yield part.complaint()
    for idle in swallowed(logic, one):
        if not any(idle.node is part.node for part in fixed):
            yield idle.complaint()


def _slips(phrase: Phrase, words: Words) -> Iterator[Slip]:
    loose = any(literal.loose for chain in phrase.chains for slot in chain.slots for literal in slot)
    return slips(phrase.written, words, loose=loose)


def _sources_asked(node: Node, sources: Mapping[str, bool] | None) -> Iterator[Complaint]:
    if sources is None:
        return
    by_name = {fold(name).text: enabled for name, enabled in sources.items()}
    for part in walk(node):
        if isinstance(part, About) and part.what == "source":
            for name in part.names:
                trouble = _source_trouble(name, by_name)
                if trouble:
                    yield Complaint("warning", "", f"source:{name}", trouble)


def _source_trouble(name: str, sources: Mapping[str, bool]) -> str | None:
    if name not in sources:
        near = difflib.get_close_matches(name, sources, n=1, cutoff=0.5)
        return f"is no source; did you mean {near[0]!r}?" if near else "is no source; see [sources]"
    return None if sources[name] else _DISABLED


def _whole(rule: Rule, where: str, known: Known) -> Iterator[Complaint]:
    trouble = spellings_trouble([node for _, node in _levels(rule)])
    if trouble:
        yield Complaint("warning", where, "", trouble)
    for name in rule.text.sources:
        if known.sources is not None and not known.sources.get(name, True):
            yield Complaint("warning", where, f"sources {name}", _DISABLED)
    if not rule.text.expect and not rule.text.reject:
        yield Complaint("hint", where, "", _UNTESTED)


def _twins(rules: Sequence[Rule]) -> Iterator[Complaint]:
    """Rules that mean the same."""
    by_version: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_version[rule.version].append(rule)
    for first, *others in by_version.values():
        for rule in others:
            trouble = f"means the same as rules.{first.text.name}; keep one of the two"
            yield Complaint("warning", f"rules.{rule.text.name}", "", trouble)
