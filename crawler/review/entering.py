"""Who is let in and who they say they are: the pages of password and reviewers, and their guard."""

from __future__ import annotations

import logging
import math
import re
import time
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crawler.review import wording
from crawler.review.deciding import see_other
from crawler.review.forms import fields_of
from crawler.review.gate import LONGEST, Gate
from crawler.review.person import COOKIE, Person, as_cookie, named, person, remember
from crawler.review.rendering import page, trouble_page
from crawler.review.views import View
from crawler.review.wording import Refused, Trouble

LONGEST_SECRET = 1_000  # characters
OPEN = ("/login", "/healthz")  # for everybody; the style, too

_log = logging.getLogger(__name__)

_A_YEAR = 365 * 86_400
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the page asks of whoever comes."""

    gate: Gate | None = None  # None: no password
    reviewers: tuple[str, ...] = ()  # names to choose from
    secure_hosts: frozenset[str] = frozenset()  # hosts reached by https alone

    def is_secure(self, request: Request) -> bool:
        """Whether the browser came by https."""
        return request.headers.get("host", "").lower() in self.secure_hosts


OPEN_TO_ALL = Entrance()


class Entering:
    """ASGI middleware: recognises people, and sends strangers to the password's page."""

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app = app
        self.entrance = entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        known = self._known(request)
        name = named(request.cookies, self.entrance.reviewers)
        remember(Person(name, self.entrance.reviewers, known and self.entrance.gate is not None))
        answer = self.app if known or _is_open(request) else _stranger(request)
        await answer(scope, receive, send)

    def _known(self, request: Request) -> bool:
        gate = self.entrance.gate
        if gate is None:
            return True
        now, stated = time.monotonic(), request.headers.get("authorization")
        if stated and not gate.wait(_address(request), now):
            return gate.bears_token(stated, _address(request), now)
        return gate.knows(request.cookies.get(_cookie(self.entrance, request), ""), now)


async def login(request: Request) -> Response:
    """Ask for the password, or try the one that was sent."""
    gate = _entrance(request).gate
    if gate is None:
        raise Refused(Trouble.NOTHING_HERE)
    if request.method != "POST":
        return _ask(_next(request.query_params.get("next", "/")))
    fields = dict(await fields_of(request))
    onward, secret = _next(fields.get("next", "/")), fields.get("password", "")
    return await run_in_threadpool(_try, request, gate, secret, onward)


async def logout(request: Request) -> Response:
    """End the session."""
    entrance = _entrance(request)
    if entrance.gate is None:
        raise Refused(Trouble.NOTHING_HERE)
    name = _cookie(entrance, request)
    entrance.gate.leave(request.cookies.get(name, ""))
    answer = see_other("/login")
    answer.delete_cookie(name, secure=entrance.is_secure(request), httponly=True, samesite="strict")
    return answer


async def who(request: Request) -> Response:
    """Ask who is at work, or remember who said so."""
    entrance = _entrance(request)
    if not entrance.reviewers:
        raise Refused(Trouble.NOTHING_HERE)
    if request.method != "POST":
        onward = _next(request.query_params.get("next", "/"))
        return page("who.html", {"view": View(), "next": onward, "person_now": person()})
    fields = dict(await fields_of(request))
    name = fields.get("name", "")
    if name and name not in entrance.reviewers:
        raise Refused(Trouble.BAD_FORM, wording.NO_REVIEWER)
    answer = see_other(_next(fields.get("next", "/")))
    kept = _A_YEAR if name else 0
    answer.set_cookie(
        COOKIE, as_cookie(name), kept, secure=entrance.is_secure(request), httponly=True, samesite="strict"
    )
    return answer


def _try(request: Request, gate: Gate, secret: str, onward: str) -> Response:
    address, now = _address(request), time.monotonic()
    wait = gate.knock(address, now)
    if wait:
        return _ask(onward, wait=math.ceil(wait))
    token = gate.enter(secret, address, now) if len(secret) <= LONGEST_SECRET else None
    if token is None:
        _log.warning("a wrong password for the review page from %s", address)
        return _ask(onward, wrong=True)
    entrance = _entrance(request)
    answer = see_other(onward)
    answer.set_cookie(
        _cookie(entrance, request),
        token,
        int(LONGEST),
        secure=entrance.is_secure(request),
        httponly=True,
        samesite="strict",
    )
    return answer


def _ask(onward: str, *, wrong: bool = False, wait: int = 0) -> Response:
    status = 429 if wait else 401 if wrong else 200
    answer = page("login.html", {"view": View(), "next": onward, "wrong": wrong, "wait": wait}, status)
    if wait:
        answer.headers["retry-after"] = str(wait)
    return answer


def _stranger(request: Request) -> Response:
    is_feed, is_metrics = request.url.path.endswith("/atom"), request.url.path == "/metrics"
    by_program = is_feed or is_metrics or request.headers.get("authorization")
    if request.method != "GET" or by_program:
        answer = trouble_page(Trouble.STRANGER)
        if is_feed:  # feed readers can be told a name and a password, and show no page
            answer.headers["www-authenticate"] = 'Basic realm="diembao", charset="UTF-8"'
        return answer
    raw, query = request.scope.get("raw_path") or b"/", request.scope["query_string"]
    place = (raw + (b"?" + query if query else b"")).decode("latin-1")
    known = place != "/" and _LOCAL.fullmatch(place)
    return see_other(f"/login?next={quote(place, safe='/')}" if known else "/login")


def _next(place: str) -> str:
    """Where to go on to: an address of this page and of no other; Refused (400) for anything else."""
    if not _LOCAL.fullmatch(place):
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_BACK)
    return place


def _is_open(request: Request) -> bool:
    return request.url.path in OPEN or request.url.path.startswith("/static/")


def _cookie(entrance: Entrance, request: Request) -> str:
    """Under https, a name that browsers take from this very host alone."""
    return "__Host-diembao" if entrance.is_secure(request) else "diembao"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _entrance(request: Request) -> Entrance:
    entrance: Entrance = request.app.state.entrance
    return entrance
