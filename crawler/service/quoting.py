"""Pure: values as a unit file holds them, whatever is in them; see systemd.syntax(7) and systemd.unit(5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from crawler.errors import ServiceError

_UNRUNNABLE = frozenset("\"'\\$")  # in the name of a program systemd takes none of them, however quoted
_BY_SHELL = ("/bin/sh", "-c", 'exec "$0" "$@"')  # which takes any name, and leaves its process to it


def command_line(words: Sequence[str]) -> str:
    """`words` for ExecStart=: each quoted, neither specifiers (%) nor variables ($) in it."""
    shell = _BY_SHELL if _UNRUNNABLE & set(words[0]) else ()
    return " ".join(_quoted(word).replace("$", "$$") for word in (*shell, *words))


def path_list(paths: Iterable[PurePath]) -> str:
    """`paths` for a setting that takes several: each quoted."""
    return " ".join(_quoted(str(path)) for path in paths)


def bare_path(path: PurePath) -> str:
    """`path` for a setting that takes one to the end of its line, where quotes would be part of it."""
    text = _clean(str(path))
    if text != text.strip() or text.endswith("\\"):
        raise ServiceError(f"{path}: a unit cannot name a folder that ends so; rename it")
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    escaped = _clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _clean(text: str) -> str:
    """ServiceError for what no unit can hold: characters that steer, and octets that are no UTF-8."""
    if any(ord(one) < 0x20 or one == "\x7f" or "\ud800" <= one <= "\udfff" for one in text):
        raise ServiceError(f"{text!r}: a unit cannot name this, for the characters in it; rename it")
    return text
