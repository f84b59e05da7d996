"""`python -m tests.newsroom`: serves the papers until SIGTERM, and says where in one line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime

from tests.newsroom.control import Control
from tests.newsroom.markup import VIETNAM
from tests.newsroom.newsroom import NAMES, Newsroom
from tests.newsroom.paper import Setup


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or, with --with-parent, the end of stdin."""
    asked = _parser().parse_args(arguments)
    setup = Setup(now=asked.now, days=asked.days, page_bytes=asked.page_bytes, per_listing=asked.per_listing)
    ended, end = os.pipe()  # a signal may come at any moment: writing to a pipe never waits for a lock
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.write(end, b"."))
    with Newsroom(asked.seed, asked.articles, setup, _ports(asked.ports)) as room:
        _reprint(room, asked.reprints)
        control = Control(room, asked.control)
        print(json.dumps({"sources": room.homes, "control": control.url}), flush=True)
        if asked.with_parent:
            threading.Thread(target=_watch_parent, args=(end,), daemon=True).start()
        os.read(ended, 1)
        control.close()
    return 0


def _reprint(room: Newsroom, many: int) -> None:
    """Stories of the first paper in the second, and every other of them cut and in the third."""
    told = [story for story in room.stories(NAMES[0]) if story.on_topic and story.shape == "epi"][:many]
    for number, story in enumerate(told):
        room.reprint(
            story.key, NAMES[1], f"Chuyện bình yên ở cơ sở, bài {number + 1}" if number % 3 else None
        )
        if number % 2:
            room.reprint(story.key, NAMES[2], paragraphs=max(2, 2 * len(story.body) // 3))


def _watch_parent(end: int) -> None:
    """The end of stdin is the end of the parent."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.write(end, b".")


def _ports(first: int) -> dict[str, int]:
    return {name: first + place for place, name in enumerate(NAMES)} if first else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="what the stories are drawn from (1)")
    parser.add_argument("--articles", type=int, default=300, help="over all five papers (300)")
    parser.add_argument("--reprints", type=int, default=0, help="stories that other papers print too (0)")
    parser.add_argument("--days", type=float, default=60, help="how far back they reach (60)")
    parser.add_argument("--now", type=_moment, default=datetime.now(VIETNAM), help="ISO 8601; else the clock")
    parser.add_argument("--page-bytes", type=int, default=40_000, help="weight of a page (40000)")
    parser.add_argument("--per-listing", type=int, default=30, help="articles on one listing page (30)")
    parser.add_argument("--ports", type=int, default=0, help="first of five ports in a row; else any")
    parser.add_argument("--control", type=int, default=0, help="port of the control address; else any")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin ends")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


if __name__ == "__main__":
    sys.exit(main())
