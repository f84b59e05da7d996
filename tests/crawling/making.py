"""A configuration that points the shipped sources at a newsroom, and a crawl of one of them as a process."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from storage.records import Case, RunReport
from storage.store import Store
from tests.crawling.forking import crawl

_SHIPPED = Path(__file__).parents[2] / "config.toml"
PATIENCE = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder with a configuration and a store."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config.toml"

    @property
    def db(self) -> Path:
        """The store."""
        return self.folder / "store.sqlite"

    def arguments(self, source: str, *more: str) -> list[str]:
        """What a crawl of one source is told."""
        return ["--config", str(self.config), "--db", str(self.db), *more, source]

    def command(self, source: str, *more: str) -> list[str]:
        """A crawl of one source, as whoever starts it types it."""
        return [sys.executable, "-m", "crawler.crawling.child", *self.arguments(source, *more)]

    def crawl(self, source: str, *more: str) -> tuple[int, RunReport]:
        """Crawl, and wait for it: the exit code and the report."""
        ended = crawl(self.arguments(source, *more), PATIENCE)
        assert ended.stdout, ended.stderr.decode()
        return ended.returncode, msgspec.json.decode(ended.stdout.splitlines()[-1], type=RunReport)

    def cases(self, source: str) -> dict[str, Case]:
        """What is stored of a source, by key."""
        from storage.cases import CaseQuery

        with Store.open(self.db) as store:
            found = list(store.cases.find(CaseQuery(source=source)))
        cases = {case.article.key: case for case in found}
        assert len(cases) == len(found), "an article is stored twice"
        return cases


def ground(folder: Path, homes: Mapping[str, str], **more: object) -> Ground:
    """The shipped configuration with other homes, without delay, allowed to go to loopback."""
    folder.mkdir(parents=True, exist_ok=True)
    text = _SHIPPED.read_text(encoding="utf-8")
    for name, home in homes.items():
        text = re.sub(rf'(\[sources\.{name}\][^\n]*\nhome = )"[^"]*"', rf'\g<1>"{home}"', text)
    chosen = {"delay": 0.0, "allow_private_addresses": True, "timeout": "5s", "workers": 1} | more
    written = "".join(f"{key} = {_toml(value)}\n" for key, value in chosen.items())
    text = re.sub(r"\[crawl\]\n.*?\n\n", f"[crawl]\n{written}\n", text, flags=re.DOTALL)
    made = Ground(folder)
    made.config.write_text(text, encoding="utf-8")
    return made


def two_lines(folder: Path, name: str, home: str, **more: object) -> Ground:
    """A configuration of one source that is given by its home, and what else is said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    said = "".join(f"{key} = {_toml(value)}\n" for key, value in more.items())
    made = Ground(folder)
    made.config.write_text(
        '[crawl]\ndelay = 0.0\nallow_private_addresses = true\ntimeout = "5s"\n'
        f'[sources.{name}]\nhome = "{home}"\n{said}',
        encoding="utf-8",
    )
    return made


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()
