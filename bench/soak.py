"""A month of three papers in some minutes: what grows, what is left behind, what is lost?

The daemon is the real one, `diembao daemon` with its review page, and so are its crawls, the judging again
and whatever else it starts, against the newsroom on loopback with its faults. One thing only is not real:
`crawler.times.utc_now`, the one clock that decisions are taken by, is moved by an offset in a file. Python's
own `sitecustomize` does it in every process (bench/soaking/shifted), so that nothing in diembao knows of it.
While anything runs, that clock runs as the real one; when all rest, it is turned to the next moment at which
something is due or happens. What waits by the monotonic clock (time-outs, deadlines, beats, the pace of
requests) and the times of files stay real.

Two daemons are killed early, so that the third lives most of the time; it is what is judged.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.soaking.judging import MIB, Finding, Growth, growths, judged
from bench.soaking.keeping import Keeper
from bench.soaking.papers import Papers
from bench.soaking.person import Person
from bench.soaking.reckoning import reckoned
from bench.soaking.sampling import Sample, sampled
from bench.soaking.script import PAPERS, Scene, script, settling
from bench.soaking.turning import Clock
from crawler.cli.stage import ROOT, staged, toml
from crawler.config import load
from crawler.urls import authority
from crawler.watching.status import statuses
from storage.store import Store

SAMPLES = 30  # at the most, and no more than so many a day:
_A_DAY = 5
KEEP_PAGES = "10d"  # so that some are let go before a month is over
KEEP_BACKUPS = 3
_HOUR = timedelta(hours=1)
_LATE = timedelta(seconds=2)  # after a crawl is due, so that the daemon thinks so too
_HEAD = "  day life  daemon    peak files thr  store   wal   log kB articles  B/article  runs  left"


@dataclass
class Soak:
    """One soak under way."""

    keeper: Keeper
    papers: Papers
    person: Person
    days: int
    every: timedelta
    begun: datetime
    scenes: list[Scene]
    samples: list[Sample] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _changes: set[str] = field(default_factory=set)  # of config.toml, so far
    _killings: int = 0
    _kill: bool = False  # the next crawl is killed

    def run(self) -> None:
        """From the first crawl to the account."""
        self._configure()
        self.keeper.start()
        self.keeper.rests()
        end = self.begun + timedelta(days=self.days) + settling(self.days)
        step = (end - self.begun) / min(SAMPLES, _A_DAY * self.days)
        while self._now < end:
            self._turn(min(end, self.begun + step * (len(self.samples) + 1)))
            if self._now >= self.begun + step * (len(self.samples) + 1) or self._now >= end:
                self._sample()
        self.findings += [*judged(self.samples), *self._checked()]
        self.findings += reckoned(self.keeper.store, self.papers, self.person.decided)

    @property
    def _now(self) -> datetime:
        return self.keeper.clock.now()

    def _turn(self, latest: datetime) -> None:
        """To the next thing that is due or happens, and until all rest again."""
        scene = self.begun + self.scenes[0].after if self.scenes else latest
        due = self._due()
        at = min(scene, due, latest)
        self.keeper.clock.turn_to(at)
        if self.scenes and scene <= at:
            self._play(self.scenes.pop(0))
        if due <= at:
            self.keeper.beat()
            if self.keeper.begins(2.5) and self._kill:
                self._kill = not self._killed()
        self.keeper.rests()

    def _due(self) -> datetime:
        config = load(self.keeper.config)
        with Store.open(self.keeper.store) as store:
            found = [one.next_due for one in statuses(store, config, self._now)]
        due = min((one for one in found if one is not None), default=self._now + _HOUR)
        return max(due, self._now) + _LATE

    def _killed(self) -> bool:
        time.sleep(0.8)  # far enough to have begun its run
        killed = self.keeper.kill_crawl(reading=self._killings % 2 == 0)
        self._killings += killed
        return killed

    def _play(self, scene: Scene) -> None:
        keeper = self.keeper
        if scene.act in {"rules", "reload"}:
            self._configure(scene.act)
        elif scene.act == "read":
            self.person.read(keeper.page)
        elif scene.act == "decide":
            self.person.decide(keeper.page, scene.many)
        elif scene.act == "backup":
            self._back_up()
        elif scene.act == "kill-crawl":
            self._kill = True
        elif scene.act == "kill-daemon":
            keeper.beat()
            keeper.begins(1.0)
            keeper.kill()
            keeper.start()
        else:
            self.papers.play(scene, self._now)

    def _configure(self, *changes: str) -> None:
        """Write config.toml; each change stays for the rest of the soak."""
        self._changes.update(changes)
        homes = {name: self.papers.room.home(name) for name in PAPERS}
        tables = configured(homes, self.every, self._changes)
        tables["store"] = {"path": self.keeper.store.name, "keep_pages": KEEP_PAGES}
        tables["backup"] = {"dir": "backups", "keep": KEEP_BACKUPS}
        part = self.keeper.config.with_suffix(".new")
        part.write_text(toml(tables), encoding="utf-8")
        part.replace(self.keeper.config)

    def _back_up(self) -> None:
        to = self.keeper.folder / "by-hand.sqlite"
        done = self.keeper.run("db", "backup", str(to))
        ok = done.returncode == 0 and to.exists()
        self.findings.append(Finding(ok, f"backup: {(done.stdout + done.stderr).decode().strip()}"))

    def _checked(self) -> list[Finding]:
        code = self.keeper.stop()
        done = self.keeper.run("db", "check")
        said = (done.stdout + done.stderr).decode().strip().splitlines()
        return [
            Finding(code == 143, f"the daemon ends with code {code}"),
            self._backups_kept(),
            Finding(done.returncode == 0, f"db check: {said[-1] if said else done.returncode}"),
        ]

    def _backups_kept(self) -> Finding:
        """What the daemon made by the clock, and threw away again."""
        kept = [*(self.keeper.folder / "backups").glob("*.sqlite")]
        return Finding(0 < len(kept) <= KEEP_BACKUPS, f"{len(kept)} backups kept of the daemon's own")

    def _sample(self) -> None:
        day = (self._now - self.begun) / timedelta(days=1)
        hosts = [authority(self.papers.room.home(name)) for name in PAPERS]
        sample = sampled(self.keeper, day, hosts)
        self.papers.count()
        self.samples.append(sample)
        print(_row(sample), flush=True)


def configured(homes: Mapping[str, str], every: timedelta, changes: Collection[str]) -> dict[str, Any]:
    """The shipped configuration for those papers, polled so often, as the changes so far have made it."""
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    tables = staged(shipped, homes)
    tables["crawl"] |= {"timeout": "3s", "deadline": "60s"}
    for source in tables["sources"].values():
        source["every"] = f"{every.total_seconds():g}s"
    if "rules" in changes:
        tables["rules"]["soak"] = {"label": "Thời tiết", "any": ["thời tiết", "mưa lớn"]}
    if "reload" in changes:
        tables["crawl"]["looks"] = 15
    return tables


def _row(one: Sample) -> str:
    left = one.children + one.zombies + one.held + one.temporary
    return (
        f"{one.day:5.1f} {one.life:4} {one.memory / MIB:7.1f} {one.peak / MIB:7.0f} {one.files:5}"
        f" {one.threads:3} {one.store / MIB:6.1f} {one.wal / MIB:5.1f} {one.logs / 1000:8.1f}"
        f" {one.articles:8} {one.per_article:10.0f} {one.rows['runs']:5} {left:5}"
    )


def _tell_tables(found: Sequence[Growth]) -> None:
    print(f"{'table':16} {'rows':>7} {'a day':>8} {'then':>8}")
    for one in found:
        if one.rows:
            print(f"{one.table:16} {one.rows:7} {one.before:8.1f} {one.after:8.1f}")


def main() -> int:
    """`python -m bench.soak [--days 30] [--every 3] [--keep FOLDER]`; 1 where a bound is broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--days", type=int, default=30, help="before those in which things settle (30)")
    arguments.add_argument("--every", type=float, default=3, help="hours between two polls of a paper (3)")
    arguments.add_argument("--keep", type=Path, help="a new folder to leave everything in")
    wanted = arguments.parse_args()
    if wanted.keep:
        wanted.keep.mkdir(parents=True)
        return soak(wanted.keep, wanted.days, timedelta(hours=wanted.every))
    with tempfile.TemporaryDirectory() as folder:
        return soak(Path(folder), wanted.days, timedelta(hours=wanted.every))


def soak(folder: Path, days: int, every: timedelta) -> int:
    """Play it there, print what was found; the exit code."""
    begun, clock = time.monotonic(), Clock(folder / "clock")
    keeper = Keeper(folder, clock)
    papers = Papers.printing(clock.now())
    print(_HEAD)
    with papers.room:
        played = Soak(keeper, papers, Person(keeper.store), days, every, clock.now(), [*script(days)])
        try:
            played.run()
        finally:
            keeper.kill()
    _tell_tables(growths(played.samples))
    for finding in played.findings:
        print(f"{'ok    ' if finding.holds else 'BROKEN'} {finding.told}")
    broken = sum(not finding.holds for finding in played.findings)
    minutes = (time.monotonic() - begun) / 60
    print(
        f"{played.samples[-1].day:.1f} days in {minutes:.1f} min, {papers.requests} requests,"
        f" {played.samples[-1].rows['runs']} runs: {broken} of {len(played.findings)} bounds broken"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
