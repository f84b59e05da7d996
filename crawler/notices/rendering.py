"""Messages as people read them: plain text and HTML of one content, by our templates alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.notices import wording
from crawler.times import day_start

HERE = Path(__file__).parent

_SECTIONS = ("new", "changed", "late")
_MARK = Markup('<mark style="background:#ffec99;color:#1b1b1b;font-weight:600">{}</mark>')


def as_text(content: Mapping[str, Any]) -> str:
    """Plain text; what rules matched stands between « and »."""
    return _rendered("notice.txt", content)


def as_html(content: Mapping[str, Any]) -> str:
    """An HTML document with inline styles and nothing that is fetched from anywhere."""
    return _rendered("notice.html", content)


def within(content: Mapping[str, Any], most: int) -> str:
    """Plain text of at most so many characters: fewer cases one by one, the others counted."""
    text = as_text(content)
    listed = len(content.get("cases", ()))
    while len(text) > most and listed:
        listed = min(listed - 1, listed * most // len(text))
        text = as_text({**content, "cases": content["cases"][:listed]})
    return text if len(text) <= most else text[: max(0, most - 1)] + "…"


def _rendered(name: str, content: Mapping[str, Any]) -> str:
    language = content["language"]
    sections = [
        (section, [one for one in content.get("cases", ()) if _section(one) == section])
        for section in _SECTIONS
    ]
    counts = content.get("counts", {})
    shown = {
        "message": content,
        "sections": [(section, cases) for section, cases in sections if cases],
        "unlisted": counts.get("all", 0) - len(content.get("cases", ())),
        "say": partial(wording.say, language),
        "amount": partial(wording.amount, language),
        "moment": partial(_moment, language),
        "dated": partial(_dated, language),
        "day": partial(_day, language),
        "passed": partial(_passed, language),
    }
    return _environment().get_template(name).render(shown)


def _section(case: Mapping[str, Any]) -> str:
    if case["kind"] == "changed":
        return "changed"
    return "late" if case["late"] else "new"


def _moment(language: Any, text: str) -> str:
    return wording.moment(language, datetime.fromisoformat(text))


def _passed(language: Any, complaint: Mapping[str, Any]) -> str:
    """Since when it is so, and until when it was."""
    since = _moment(language, complaint["since"])
    if complaint["until"] is None:
        return wording.say(language, "since", at=since)
    return wording.say(language, "until", since=since, until=_moment(language, complaint["until"]))


def _day(language: Any, text: str) -> str:
    return wording.day(language, day_start(date.fromisoformat(text).isoformat()))


def _dated(language: Any, case: Mapping[str, Any]) -> str:
    if case["published_at"] is None:
        return wording.say(language, "undated")
    at = datetime.fromisoformat(case["published_at"])
    return wording.day(language, at) if case["published_precision"] == "day" else wording.moment(language, at)


def _lit(text: str, spans: Sequence[Sequence[int]]) -> Markup:
    """The text escaped, its spans marked."""
    return Markup().join(
        _MARK.format(piece) if marked else escape(piece) for piece, marked in _pieces(text, spans)
    )


def _quoted(text: str, spans: Sequence[Sequence[int]]) -> str:
    """The text with its spans between « and »."""
    return "".join(f"«{piece}»" if marked else piece for piece, marked in _pieces(text, spans))


def _pieces(text: str, spans: Sequence[Sequence[int]]) -> list[tuple[str, bool]]:
    found, place = [], 0
    for start, end in spans:
        found += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [(piece, marked) for piece, marked in [*found, (text[place:], False)] if piece]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"lit": lambda text, spans: _lit(text, spans), "quoted": _quoted}
    return made
