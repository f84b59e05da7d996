"""What is wrong with a source in one English sentence with its cause and an advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from crawler.watching.findings import Finding, Value
from crawler.watching.wording import spelled

Values = Mapping[str, Value]


def complaint(source: str, finding: Finding) -> str:
    """The sentence; `source` is the name in config.toml."""
    return _SENTENCES[finding.kind](f"sources.{source}", finding.values)


def _since(values: Values) -> str:
    times = f"{values['times']} times in a row" if values["times"] != 1 else f"at {values['since']}"
    success = values["success"]
    return f"{times}, " + (f"last success {success}" if success else "never with success")


def _trouble(cause: str, advice: str) -> Callable[[str, Values], str]:
    def sentence(table: str, values: Values) -> str:
        names = {
            "home": values["home"],
            "deadline": _length(values["deadline"]),
            "table": table,
            "log": f"logs/{table.removeprefix('sources.')}.log beside the store",
        }
        said = f" ({values['trouble']})" if values["trouble"] else ""
        return f"{cause.format(**names)}{said}, {_since(values)}: {advice.format(**names)}"

    return sentence


def _cut_short(table: str, values: Values) -> str:
    return (
        f"its last {values['times']} crawls were cut short ({values['outcome']}), "
        f"last success {values['success'] or 'never'}: see that the machine has memory enough and stays up"
    )


def _unreadable(table: str, values: Values) -> str:
    return (
        f"none of the last {values['pages']} pages fetched gave an article, since {values['since']}: "
        f"compare one with {table}.selectors and {table}.article (`diembao doctor URL`)"
    )


def _drifted(table: str, values: Values) -> str:
    name = table.removeprefix("sources.")
    return (
        f"{values['changes']}: mend {table}.selectors (`diembao doctor URL` tells what gave each "
        f"field), then `diembao reread --source {name}`"
    )


def _unfetched(table: str, values: Values) -> str:
    return (
        f"{values['failed']} of {values['tried']} article pages could not be fetched or read "
        f"({values['reasons'] or 'no reason given'}): "
        "they are tried again; open one in a browser to see whether the site is well"
    )


def _too_few(table: str, values: Values) -> str:
    return (
        f"{values['brought']} new articles in the last {_length(values['window'])}, at_least asks for "
        f"{values['asked']}: look at {values['home']}; if it publishes less now, lower {table}.at_least"
    )


def _silent(table: str, values: Values) -> str:
    return (
        f"nothing new since {values['since']}, for {_length(values['lasts'])}, in which it usually has news "
        f"in {values['expected']:g} different hours: look at {values['home']}; if there is any, `diembao "
        f"doctor {table.removeprefix('sources.')}` tells why none is found; if it rests, {table}.at_least "
        "says how much is enough"
    )


def _lost_way(table: str, values: Values) -> str:
    return (
        f"the {values['way']} {values['url']} stopped working ({values['outcome']}), it worked at "
        f"{values['worked']}: find its new address, or strike it from {table}"
    )


_HINT = "is `diembao daemon` running, and are crawl.workers enough?"


def _stuck(table: str, values: Values) -> str:
    return f"its crawl of {values['started']} is past its deadline and was not ended: {_HINT}"


def _overdue(table: str, values: Values) -> str:
    return f"its crawl was due at {values['due']} and did not start: {_HINT}"


def _cut_off(table: str, values: Values) -> str:
    return f"nothing can be had from {values['home']}, and from no other paper either: check the network here"


def _recovering(table: str, values: Values) -> str:
    return f"it was {values['was']} and seems well again: it is called so once that has lasted"


def _length(seconds: Value) -> str:
    return spelled(timedelta(seconds=float(seconds)))


_SENTENCES: Mapping[str, Callable[[str, Values], str]] = {
    "blocked": _trouble(
        "the site answers, but not to us",
        "crawl it less often ({table}.every, {table}.delay), set crawl.contact, or ask the paper",
    ),
    "moved": _trouble(
        "{home} leads to another host", "if the paper moved, write its new address as {table}.home"
    ),
    "dead": _trouble(
        "nothing can be had from {home}",
        "check the address and the network here; if the paper closed, set {table}.enabled = false",
    ),
    "failed": _trouble("the last crawl failed", "{log} says more"),
    "killed": _trouble(
        "the last crawl did not end by its deadline of {deadline}",
        "raise crawl.deadline if the source is only slow; {log} says where it hung",
    ),
    "cut-short": _cut_short,
    "unreadable": _unreadable,
    "drifted": _drifted,
    "unfetched": _unfetched,
    "too-few": _too_few,
    "silent": _silent,
    "lost-way": _lost_way,
    "stuck": _stuck,
    "overdue": _overdue,
    "recovering": _recovering,
    "cut-off": _cut_off,
}
KINDS = frozenset(_SENTENCES)
