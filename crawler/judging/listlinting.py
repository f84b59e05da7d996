"""What is wrong or idle in the lists that rules share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawler.judging.branches import idle_phrases
from crawler.judging.complaining import Complaint
from crawler.judging.misspelling import Words, slips
from crawler.judging.notation import NotationError, read_phrase
from crawler.judging.ruletext import RuleText
from crawler.judging.tree import AnyOf, Except, In, Near, Node, Phrase, walk
from storage.folding import is_bare

_NAMED = re.compile(r"@(\w+)")

Lists = Mapping[str, Sequence[str]]


def lint_lists(
    lists: Lists, rules: Sequence[RuleText], trees: Sequence[Node], words: Words
) -> Iterator[Complaint]:
    """The complaints about each list, in their order; `trees`: of the rules that can be read."""
    used = {name for rule in rules for name in rule.lists}
    measured = _measured(lists, trees)
    for name, texts in lists.items():
        where = f"lists.{name}"
        if name not in used:
            yield Complaint("warning", where, "", "is used by no rule; name it in one, or strike it out")
        for text in texts:
            if not is_bare(text) or not is_bare(" ".join(texts)):
                for slip in slips(text, words, loose=False):
                    yield slip.complaint(where)
        yield from _idle(where, _read(lists, texts), is_measured=name in measured)


def _idle(where: str, phrases: Sequence[Phrase], *, is_measured: bool) -> Iterator[Complaint]:
    for idle in idle_phrases(phrases, is_measured=is_measured):
        yield replace(idle.complaint(), where=where)


def _read(lists: Lists, texts: Sequence[str]) -> list[Phrase]:
    """The phrases of a list as they are within it: taken at their word as soon as one of them bears marks."""
    marked = not is_bare(" ".join(texts))
    found = []
    for text in texts:
        try:
            phrase = read_phrase(f"={text}" if marked else text, lists)
        except NotationError:  # told of the rules that use it
            continue
        found.append(replace(phrase, written=text))
    return found


def _measured(lists: Lists, trees: Sequence[Node]) -> set[str]:
    """Lists of which it matters where a phrase ends: beside NEAR, behind EXCEPT, within a longer phrase."""
    found: set[str] = set()
    for part in (part for tree in trees for part in walk(tree)):
        match part:
            case Near(left, right):
                found.update(_alone(left), _alone(right))
            case Except(_, right):
                found.update(_alone(right))
            case Phrase(_, written) if not _is_alone(written):
                found.update(_NAMED.findall(written))
    found.update(
        name
        for texts in lists.values()
        for text in texts
        if not _is_alone(text)
        for name in _NAMED.findall(text)
    )
    return _with_theirs(found, lists)


def _alone(node: Node) -> Iterator[str]:
    """The lists that stand by themselves where the occurrences of the node do."""
    match node:
        case Phrase(_, written) if _is_alone(written):
            yield written[1:]
        case AnyOf(parts):
            for part in parts:
                yield from _alone(part)
        case In(_, part) | Except(part, _):
            yield from _alone(part)


def _is_alone(written: str) -> bool:
    return bool(_NAMED.fullmatch(written))


def _with_theirs(names: set[str], lists: Lists) -> set[str]:
    waiting, found = list(names), set(names)
    while waiting:
        within = {one for text in lists.get(waiting.pop(), ()) for one in _NAMED.findall(text)} - found
        found |= within
        waiting += within
    return found
