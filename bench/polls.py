"""Many loopback papers with nothing new, polled by the real daemon: CPU of all, requests a poll."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil

from crawler.times import utc_now
from storage.records import RunReport, Validators
from storage.store import Store

WANTED = 0.10  # of one core
ETAG = '"unchanged"'


@dataclass
class Papers:
    """All papers behind one port: every address of 127.0.0.0/8 is a host of its own."""

    requests: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def start(self) -> None:
        """Serve from a thread of its own until the process ends."""
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        ready.wait()

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._answer, "0.0.0.0", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                unchanged = b"if-none-match" in head.lower()
                status = "404 Not Found" if path == "/robots.txt" else "304 Not Modified"
                self.requests[f"{path} {status[:3] if unchanged or 'robots' in path else 200}"] += 1
                length = "" if status.startswith("304") else "Content-Length: 0\r\n"
                writer.write(f"HTTP/1.1 {status}\r\nETag: {ETAG}\r\n{length}\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def configured(folder: Path, port: int, many: int, every: timedelta) -> Path:
    """A configuration of so many papers."""
    head = '[store]\npath = "store.sqlite"\n[crawl]\nallow_private_addresses = true\ncontact = "bench"\n'
    tables = [
        f'[sources.p{n}]\nhome = "http://127.1.{n // 250}.{n % 250 + 1}:{port}"\nfeeds = ["/rss"]\n'
        f'every = "{every.total_seconds():g}s"\n'
        for n in range(many)
    ]
    path = folder / "config.toml"
    path.write_text(head + "".join(tables), encoding="utf-8")
    return path


def polled_before(folder: Path, port: int, many: int, every: timedelta) -> None:
    """A store in which every paper was polled once, evenly over the time between two polls."""
    with Store.open(folder / "store.sqlite") as store, store.write():
        for n in range(many):
            home, at = f"http://127.1.{n // 250}.{n % 250 + 1}:{port}", utc_now() - every * (n / many)
            store.polls.remember(f"p{n}", f"{home}/rss", Validators(ETAG, None, 0, 20), at)
            store.runs.end(store.runs.begin(f"p{n}", 1, at), RunReport("done", {"found": 20}), at)


def spent(process: psutil.Process) -> float:
    """Seconds of CPU: its own, of children that ended, of children that run."""
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def main() -> None:
    """`python -m bench.polls [--papers 600] [--every 900] [--seconds 180]`"""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=600)
    arguments.add_argument("--every", type=float, default=900, help="seconds between two polls of one")
    arguments.add_argument("--seconds", type=float, default=180, help="to measure, after 20 to begin")
    wanted = arguments.parse_args()
    every = timedelta(seconds=wanted.every)
    papers = Papers()
    papers.start()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        path = configured(place, papers.port, wanted.papers, every)
        polled_before(place, papers.port, wanted.papers, every)
        command = [sys.executable, "-m", "crawler", "daemon", "--no-page", "--config", str(path)]
        daemon = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            time.sleep(20)
            papers.requests.clear()
            watched = psutil.Process(daemon.pid)
            begun, cpu, own = time.monotonic(), spent(watched), sum(watched.cpu_times()[:2])
            time.sleep(wanted.seconds)
            seconds = time.monotonic() - begun
            share = (spent(watched) - cpu) / seconds
            alone = (sum(watched.cpu_times()[:2]) - own) / seconds
        finally:
            daemon.terminate()
            daemon.wait()
    polls = sum(many for what, many in papers.requests.items() if what.startswith("/rss"))
    print(f"{polls} polls in {seconds:.0f} s ({wanted.papers / wanted.every * seconds:.0f} were due)")
    print(f"requests: {dict(papers.requests)}")
    print(f"{share:.1%} of one core, the daemon itself {alone:.1%} (wanted under {WANTED:.0%})")
    raise SystemExit(share > WANTED)


if __name__ == "__main__":
    main()
