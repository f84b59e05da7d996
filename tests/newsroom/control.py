"""The control port: everything that can happen at the papers, asked for by POST of a JSON object.

`POST /publish {"name": "baohatinh", "n": 2}` answers 200 with JSON; a mistake answers 400 with `error`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.newsroom.archive import NoSuchStory
from tests.newsroom.faults import FAULTS, NoSuchFault
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.replies import Request
from tests.newsroom.story import as_json

Asked = Mapping[str, Any]
Order = Callable[[Newsroom, Asked], object]


def _publish(room: Newsroom, asked: Asked) -> object:
    return [as_json(story) for story in room.publish(asked["name"], asked.get("n", 1), asked.get("kind"))]


def _edit(room: Newsroom, asked: Asked) -> object:
    return as_json(room.edit(asked["key"], asked.get("title")))


def _delete(room: Newsroom, asked: Asked) -> object:
    return as_json(room.delete(asked["key"], asked.get("status", 404)))


def _redesign(room: Newsroom, asked: Asked) -> object:
    room.redesign(asked["name"])
    return {}


def _fault(room: Newsroom, asked: Asked) -> object:
    options = asked.get("options", {})
    room.fault(asked["name"], asked["fault"], asked.get("path"), asked.get("times"), **options)
    return {}


def _heal(room: Newsroom, asked: Asked) -> object:
    room.heal(asked["name"], asked.get("fault"))
    return {}


def _stories(room: Newsroom, asked: Asked) -> object:
    return [as_json(story) for story in room.stories(asked["name"])]


def _requests(room: Newsroom, asked: Asked) -> object:
    return [_line(request) for request in room.requests(asked["name"])]


def _faults(room: Newsroom, asked: Asked) -> object:
    return {name: {"does": kind.does, "options": kind.options} for name, kind in FAULTS.items()}


def _homes(room: Newsroom, asked: Asked) -> object:
    return room.homes


ORDERS: Mapping[str, Order] = {
    "/publish": _publish,
    "/edit": _edit,
    "/delete": _delete,
    "/redesign": _redesign,
    "/fault": _fault,
    "/heal": _heal,
    "/stories": _stories,
    "/requests": _requests,
    "/faults": _faults,
    "/sources": _homes,
}


class Control:
    """The control port of one newsroom, served by a thread until it is closed."""

    def __init__(self, room: Newsroom, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(room))
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="newsroom-control", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def obey(room: Newsroom, path: str, body: bytes) -> tuple[int, object]:
    """Status and JSON value that answer one order."""
    if path not in ORDERS:
        return 404, {"error": f"no order {path}; there are {', '.join(ORDERS)}"}
    try:
        asked = json.loads(body or b"{}")
        if not isinstance(asked, dict):
            raise ValueError("the body must be a JSON object")
        return 200, ORDERS[path](room, asked)
    except (NoSuchFault, NoSuchStory, KeyError, TypeError, ValueError) as mistake:
        return 400, {"error": f"{type(mistake).__name__}: {mistake}"}


def _line(request: Request) -> Mapping[str, object]:
    return {**asdict(request), "at": request.at.isoformat()}


def _handler(room: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One order a request; says nothing on stderr."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, value = obey(room, self.path, body)
            answer = json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Quiet: the papers' logs are what counts."""

    return Handler
