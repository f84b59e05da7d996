"""A press review as one HTML file that loads nothing: its style and its chart stand within."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.reporting.blocks import Report, Table
from crawler.reporting.drawing import draw
from crawler.reporting.typography import amount
from crawler.times import shown

_TEMPLATES = Path(__file__).parent / "templates"


def webpage(report: Report) -> str:
    """The whole file; the same report gives the same text."""
    look = "office.css" if report.letterhead else "plain.css"
    style = "\n".join([_style("report.css"), _style(look), *_widths(report)])
    policy = f"default-src 'none'; style-src '{_hashed(style)}'; base-uri 'none'; form-action 'none'"
    template = _environment().get_template("report.html")
    return template.render(report=report, style=style, policy=policy)


def _style(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _widths(report: Report) -> Iterator[str]:
    """The columns' shares as rules: an attribute would need a policy that lets any style in."""
    tables = [block for block in report.blocks if isinstance(block, Table)]
    for width in sorted({column.width for table in tables for column in table.columns}):
        yield f"col.w{width} {{ width: {width}%; }}"


def _hashed(style: str) -> str:
    """The one style that a browser may apply: nothing that a page says of itself gets in beside it."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _environment() -> Environment:
    """Jinja over our templates: everything escaped, every unknown name an error."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    made.filters |= {"amount": amount, "shown": shown}
    made.globals |= {"draw": draw}
    return made
