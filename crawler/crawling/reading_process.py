"""A reading process: takes pages from a pipe, reads and judges them, and dies with its parent."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from crawler.crawling.doors import Judged
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints
from storage.records import Page

if TYPE_CHECKING:
    from crawler.judging import Judge

_MOST_MEMORY = 160 * 1024  # KiB resident: a process that grew beyond it is replaced after its page
_HARD_LIMIT = 2 * 1024**3  # bytes of address space: one monstrous page must not take the machine


def serve(connection: Connection, rules: Sequence[RuleText], limit: float) -> None:
    """Read pages until the pipe or the parent ends; a page that takes `limit` seconds ends the process.

    The kernel's alarm does that, because nothing else reaches a process that spins in C.
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # a stopping crawl still wants its last pages read
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with suppress(ValueError, OSError):  # a lower limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (_HARD_LIMIT, _HARD_LIMIT))
    from crawler.judging import (
        compile_rules,
    )  # here, so that the parent, which names this function, stays small

    judge = compile_rules(rules)
    with suppress(EOFError, OSError):
        while _next(connection, judge, limit):
            pass
    os._exit(0)  # nothing to flush, and no exit handlers of the parent's libraries to run


def judged(judge: Judge, page: Page, hints: Hints) -> Judged:
    """One page read, and its article judged."""
    from crawler.judging.citing import cite
    from crawler.reading import read  # trafilatura is for this process alone
    from crawler.reading.comparing import agrees

    reading = read(page, hints, page.fetched_at)
    agreed = agrees(reading, page, hints, page.fetched_at) if hints.compare else None
    if reading.article is None:
        return Judged(reading, (), None, agreed)
    flags = judge.flags(reading.article)
    return Judged(reading, flags, cite(reading.article, hints.province), agreed)


def _next(connection: Connection, judge: Judge, limit: float) -> bool:
    """Wait for a page and answer it; whether to go on."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    if parent.sentinel in wait([connection, parent.sentinel]):
        return False
    page, hints = connection.recv()
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        answer: Judged | str = judged(judge, page, hints)
    except MemoryError:
        answer = "reading-too-large"
    except Exception as error:
        answer = f"reading-crashed: {type(error).__name__}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    stays = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < _MOST_MEMORY
    connection.send((answer, stays))
    return stays
