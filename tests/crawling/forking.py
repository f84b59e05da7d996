"""Crawls forked from a process that has imported what they need: as if started by themselves, but sooner.

`python -m tests.crawling.forking SOCKET` is that process. It runs no crawl itself, and ends with whoever
started it. Importing is more than half of what a small crawl costs, and a test run makes hundreds.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

from crawler.crawling import child

_ROOT = Path(__file__).parents[2]
_LOADED = (
    "scrapy.core.downloader.contextfactory",  # first, as a crawl does
    "crawler.crawling.batch",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.extensions.feedexport",
    "scrapy.pqueues",
    "twisted.internet.asyncioreactor",
    "twisted.web.client",
)
_MOST_WORDS = 256 * 1024  # bytes of a request


def crawl(arguments: Sequence[str], patience: float) -> subprocess.CompletedProcess[bytes]:
    """A crawl as `crawler.crawling.child` is told; killed, with TimeoutExpired, after `patience` seconds."""
    request = {"arguments": [*arguments], "environment": dict(os.environ), "folder": str(Path.cwd())}
    ours, theirs = socket.socketpair()
    output, errors = os.pipe(), os.pipe()
    socket.send_fds(_forker(), [b"."], [theirs.fileno(), output[1], errors[1]])
    for descriptor in (theirs.detach(), output[1], errors[1]):
        os.close(descriptor)
    with ours:
        ours.sendall(json.dumps(request).encode() + b"\n")
        pid = int(_line(ours))
        try:
            said = _read(dict.fromkeys((output[0], errors[0]), b""), patience)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired([*arguments], patience) from None
        return subprocess.CompletedProcess(arguments, int(_line(ours)), said[output[0]], said[errors[0]])


def _read(said: dict[int, bytes], patience: float) -> dict[int, bytes]:
    """Both pipes to their ends; TimeoutError if that takes too long."""
    deadline = time.monotonic() + patience
    with selectors.DefaultSelector() as selector:
        for pipe in said:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(deadline - time.monotonic())
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                portion = os.read(key.fd, 65536)
                said[key.fd] += portion
                if not portion:
                    selector.unregister(key.fd)
                    os.close(key.fd)
    return said


def _line(stream: socket.socket) -> str:
    line = b""
    while not line.endswith(b"\n"):
        portion = stream.recv(_MOST_WORDS)
        assert portion, "the process that forks crawls has ended"
        line += portion
    return line.decode()


@cache
def _forker() -> socket.socket:
    """The one process of this test process; it ends when this end of the socket is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line = [sys.executable, "-m", "tests.crawling.forking", str(theirs.fileno())]
    process = subprocess.Popen(line, cwd=_ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _main() -> NoReturn:
    asking = socket.socket(fileno=int(sys.argv[1]))
    for module in _LOADED:
        importlib.import_module(module)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor belongs to one process"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for a crawl is waited for by nobody
    while True:
        _, descriptors, _, _ = socket.recv_fds(asking, 1, 3)
        if not descriptors:
            os._exit(0)
        if os.fork() == 0:
            asking.close()
            _wait_for(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _wait_for(telling: int, output: int, errors: int) -> NoReturn:
    """Between the forker and the crawl: its parent, that tells its number and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    stream = socket.socket(fileno=telling)
    request = json.loads(_line(stream))
    pid = os.fork()
    if pid == 0:
        stream.close()
        for descriptor, place in ((output, 1), (errors, 2)):
            os.dup2(descriptor, place)
            os.close(descriptor)
        _become(request["arguments"], request["environment"], request["folder"])
    os.close(output)
    os.close(errors)
    with suppress(OSError):  # whoever asked has given up
        stream.sendall(f"{pid}\n".encode())
        stream.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    os._exit(0)


def _become(arguments: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[1:] = arguments
    sys.exit(child.main(arguments))


if __name__ == "__main__":
    _main()
