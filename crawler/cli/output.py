"""Printing data: JSON, one object a line, tables, and text with the matched words lit up."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawler.cli.wanted import Wanted
    from crawler.review.marking import Piece

_LIT = ("\x1b[1;33m", "\x1b[0m")  # bold yellow
_MARKED = ("«", "»")
# Foreign text is printed to a terminal: no control character of it may reach that, least of all ESC.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class ReaderLeft(Exception):
    """Whoever read our output has closed it, as `head` does: nothing failed."""


def emit(text: str) -> None:
    """One line or block to stdout."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ReaderLeft from None


def emit_list(wanted: Wanted, told: Iterable[Any]) -> None:
    """Many objects: a JSON array, or one a line with --nl; never all in memory."""
    if wanted.nl:
        for one in told:
            emit(json.dumps(one, ensure_ascii=False))
        return
    before = "["
    for one in told:
        emit(before + json.dumps(one, ensure_ascii=False))
        before = ","
    emit("]" if before == "," else "[]")


def emit_one(wanted: Wanted, told: Any) -> None:
    """One object: indented for reading, or on one line with --nl."""
    emit(json.dumps(told, ensure_ascii=False, indent=None if wanted.nl else 2))


def as_json(wanted: Wanted) -> bool:
    """Whether JSON is asked for, in either form."""
    return wanted.json or wanted.nl


def plain(text: str) -> str:
    """Foreign text made harmless for a terminal."""
    return _CONTROLS.sub("�", text)


def one_line(text: str) -> str:
    """Foreign text on one line."""
    return plain(" ".join(text.split()))


def lit(found: Iterable[Piece]) -> str:
    """A text with what rules matched lit up: in colour on a terminal, else between « and »."""
    before, after = _LIT if colourful() else _MARKED
    # Neighbours under different rules are lit as one.
    return "".join(
        f"{before}{text}{after}" if matched else text
        for matched, group in groupby(found, key=lambda piece: bool(piece.labels))
        for text in ["".join(plain(piece.text) for piece in group)]
    )


def faint(text: str) -> str:
    """Text of lesser weight."""
    return f"\x1b[2m{text}\x1b[0m" if colourful() else text


def colourful() -> bool:
    """A terminal that has not been asked to be plain (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(wanted: Wanted, label: str, count: Callable[[], int]) -> Iterator[Callable[..., None]]:
    """What to call once a piece of work; a bar on stderr where that is a terminal, else nothing is shown."""
    if wanted.quiet or not sys.stderr.isatty():
        yield lambda count=1: None
        return
    with click.progressbar(length=count(), label=label, file=sys.stderr) as bar:
        yield lambda count=1: bar.update(count)


def above_bar(text: str) -> None:
    """`emit` where a bar may stand on the same terminal: it is wiped off until its next step."""
    if sys.stderr.isatty() and sys.stdout.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    emit(text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of columns as wide as their widest cell; Vietnamese letters count one each."""
    cells = [list(heads), *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


class Named(click.ParamType[str]):
    """A word of a fixed list; a wrong one is answered with the nearest and the list."""

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        self.name = kind
        self.known = tuple(known)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """As help shows it."""
        return "|".join(self.known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word in lower case; UsageError for one that is not in the list."""
        from crawler.errors import UsageError

        if str(value).lower() not in self.known:
            raise UsageError.unknown(self.name, str(value), self.known)
        return str(value).lower()
