"""A folder with a configuration and a small store, and a way to run a command line in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.cli.main import run as run_line
from crawler.config import load
from crawler.judging import compile_rules
from storage.store import Store
from tests.making import article, keep
from tests.templates import begin

CONFIG = """
[store]
path = "store.sqlite"
[sources.baohatinh]
home = "https://baohatinh.example.vn"
[sources.kontumtv]
home = "https://kontumtv.example.vn"
enabled = false
[rules.dinh_cong]
label = "Đình công"
any = ["đình công"]
"""


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """stdout as one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is run: with config.toml, without a store."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIEMBAO_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def filled(folder: Path) -> Path:
    """The same with a store: 1-3 of baohatinh flagged, 4 of kontumtv about something else."""

    def fill(store: Store) -> None:
        judge = compile_rules(load(folder / "config.toml").rules)
        keep(store, [article(number) for number in (1, 2, 3)], judge.flags(article(1)))
        keep(store, [article(4, "kontumtv")])

    begin(folder / "store.sqlite", "cli", fill)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command line in this process, and leave its logging behind."""
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    root.handlers = []

    def run_captured(*args: str) -> Ran:
        code = run_line(args)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    yield run_captured
    root.setLevel(before[0])
    root.handlers = before[1]
    for ours in ("crawler", "storage", "spiders"):
        logging.getLogger(ours).setLevel(logging.NOTSET)
