"""The stage of the demo: papers on loopback, and a configuration that looks at nothing else."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.errors import DiembaoError, UsageError

ROOT = Path(__file__).parents[2]  # of the checkout

_START = 30.0  # seconds the newsroom has for its first word …
_END = 5.0  # … and for its last


class StageBroken(DiembaoError):
    """The newsroom does not start."""


@contextmanager
def newsroom(folder: Path, articles: int) -> Iterator[dict[str, str]]:
    """The papers, played by a process of their own that ends with the block; source → home.

    UsageError outside a checkout, since the papers are part of the tests; StageBroken if it does not start.
    """
    if not (ROOT / "tests/newsroom/__main__.py").exists():
        raise UsageError("the demo plays its papers from the source tree; run it in a checkout of diembao")
    played_by = [sys.executable, "-m", "tests.newsroom", "--with-parent", "--seed", "1"]
    with (folder / "newsroom.log").open("wb") as log:
        played = subprocess.Popen(
            [*played_by, "--articles", str(articles), "--reprints", str(min(6, articles // 20))],
            cwd=ROOT,
            stdin=subprocess.PIPE,  # its end is our end, even if we are killed
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us: the papers go on until the crawl has ended
        )
    try:
        yield _homes(played, folder / "newsroom.log")
    finally:
        played.terminate()
        try:
            played.communicate(timeout=_END)
        except subprocess.TimeoutExpired:
            played.kill()
            played.communicate()


def _homes(played: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    assert played.stdout is not None
    ready, _, _ = select.select([played.stdout], [], [], _START)
    line = played.stdout.readline() if ready else b""
    if not line:
        last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise StageBroken(f"the newsroom does not start: {last or f'no word in {_START:g} s'}")
    homes: dict[str, str] = json.loads(line)["sources"]
    return homes


def write_config(path: Path, homes: Mapping[str, str]) -> None:
    """The shipped configuration, its enabled sources at those homes, its store beside `path`."""
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    path.write_text(toml(staged(shipped, homes)), encoding="utf-8")


def staged(shipped: Mapping[str, Any], homes: Mapping[str, str]) -> dict[str, Any]:
    """Pure: the shipped tables with loopback homes; a source that nobody plays is left out."""
    sources = {
        name: {**source, "home": homes[name]}
        for name, source in shipped["sources"].items()
        if name in homes and source.get("enabled", True)
    }
    crawl = {"contact": "demo@example.org", "delay": 0.0, "allow_private_addresses": True}
    return {
        **shipped,
        "store": {"path": "demo.sqlite"},
        "crawl": {**shipped.get("crawl", {}), **crawl},
        "sources": sources,
    }


def toml(tables: Mapping[str, Any], prefix: str = "") -> str:
    """Nested tables of texts, numbers, booleans and lists of them as TOML; keys are bare words."""
    lines = [f"{key} = {_value(value)}" for key, value in tables.items() if not isinstance(value, Mapping)]
    for key, value in tables.items():
        if isinstance(value, Mapping):
            lines += [f"\n[{prefix}{key}]", toml(value, f"{prefix}{key}.")]
    return "\n".join(lines)


def _value(value: Any) -> str:
    """JSON writes texts, numbers, booleans and lists as TOML does."""
    return json.dumps(value, ensure_ascii=False)
