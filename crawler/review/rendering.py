"""The templates and what they may call: everything foreign goes through their escaping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from crawler.review import ailing, languages, marking
from crawler.review.languages import counted, said, spoken
from crawler.review.periods import Bucket
from crawler.review.person import person
from crawler.review.views import ORDERS, TABS, View
from crawler.review.watched import Ailment
from crawler.review.wording import DECIDED, DECISIONS, KEYS, OUTCOMES, SOUGHT, STATES, Trouble
from crawler.times import VIETNAM, shown
from crawler.urls import authority, outward
from storage.records import Dating

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MOST_COUNTED = 10_000  # cases of one list
HERE = Path(__file__).parent

_DAYS: dict[languages.Language, str] = {"vi": "%d/%m/%Y", "en": "%-d %b %Y"}


def moment(at: datetime) -> str:
    """A moment as the reader writes it, on Vietnam's clock."""
    return at.astimezone(VIETNAM).strftime(f"{_DAYS[spoken()]} %H:%M")


def dating(dated: Dating) -> str:
    """When something was published, no more precisely than is known."""
    if dated.precision == "day":
        return dated.at.astimezone(VIETNAM).strftime(_DAYS[spoken()])
    return moment(dated.at)


def printable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def host(url: str) -> str:
    """The host an address leads to, shown beside its link."""
    return authority(url)


def capped(count: int) -> str:
    """A count that went no further than one more than MOST_COUNTED: 10.000+."""
    return amount(count) if count <= MOST_COUNTED else f"{amount(MOST_COUNTED)}+"


def amount(count: int) -> str:
    """1234 as 1.234, or in English as 1,234."""
    return f"{count:,}".replace(",", "." if spoken() == "vi" else ",")


def percent(part: int, whole: int) -> str:
    """A part of a whole in percent, as fine as it must be to differ from none and from all."""
    share = 100 * part / whole
    if 0 < share < 10 or 99 < share < 100:
        return f"{min(max(share, 0.1), 99.9):.1f} %".replace(".", ",")
    return f"{share:.0f} %"


def share(of: float) -> str:
    """A share between 0 and 1 in percent."""
    return "0 %" if of <= 0 else percent(round(of * 100_000), 100_000)


def day(of: date) -> str:
    """A day as a Vietnamese reader writes it."""
    return f"{of:%d/%m/%Y}"


def days(span: Bucket) -> str:
    """Some days as a Vietnamese reader writes them, as shortly as they can be."""
    if span.first == span.last:
        return day(span.first)
    begin = f"{span.first:%d/%m}" if span.first.year == span.last.year else day(span.first)
    return f"{begin}–{day(span.last)}"


def complaint(ailment: Ailment, name: str) -> str:
    """What is wrong with the source of that name."""
    return ailing.complaint(name, ailment, moment)


@cache
def environment() -> Environment:
    """Jinja over our templates: everything escaped, every unknown name an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(said, counted, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    made.filters |= {
        "amount": amount,
        "capped": capped,
        "complaint": complaint,
        "dating": dating,
        "day": day,
        "days": days,
        "host": host,
        "moment": moment,
        "outward": outward,
        "percent": percent,
        "printable": printable,
        "share": share,
        "shown": shown,
        "tone": marking.tone,
    }
    made.globals |= {
        "DECISIONS": DECISIONS,
        "DECIDED": DECIDED,
        "LANGUAGES": languages.NAMES,
        "KEYS": KEYS,
        "SOUGHT": SOUGHT,
        "ORDERS": ORDERS,
        "OUTCOMES": OUTCOMES,
        "STATES": STATES,
        "WORDED": ailing.SENTENCES,
        "TABS": TABS,
        "person": person,
        "here": languages.here,
        "spoken": spoken,
    }
    return made


def page(name: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """One template as an answer."""
    return HTMLResponse(environment().get_template(name).render(context), status)


def trouble_page(trouble: Trouble, detail: str = "") -> HTMLResponse:
    """Why there is no page, in one sentence, and the way back."""
    sentence = trouble.sentence.format(detail=said(detail))
    return page("trouble.html", {"trouble": trouble, "sentence": sentence, "view": View()}, trouble.status)
