"""The demo's stage: a configuration that can reach nothing but loopback."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import stage
from crawler.config import load
from crawler.errors import UsageError

ROOT = Path(__file__).parents[2]
KEYS = st.text("abc_-09", min_size=1)
TEXTS = st.text(st.characters(exclude_characters="\x7f", exclude_categories=["Cs"]))
VALUES = st.one_of(st.booleans(), st.integers(-(2**62), 2**62), TEXTS, st.lists(TEXTS))
TABLES = st.recursive(
    st.dictionaries(KEYS, VALUES), lambda inner: st.dictionaries(KEYS, VALUES | inner), max_leaves=6
)


@given(TABLES)
def test_what_is_written_as_toml_is_read_back(tables: dict[str, object]) -> None:
    assert tomllib.loads(stage.toml(tables)) == tables


def test_every_address_of_the_demo_is_on_loopback(tmp_path: Path) -> None:
    homes = {
        name: f"http://127.0.0.1:{8000 + number}"
        for number, name in enumerate(["baohatinh", "baohungyen", "gialaitv"])
    }
    stage.write_config(tmp_path / "config.toml", homes)
    config = load(tmp_path / "config.toml")
    assert set(config.sources) == {"baohatinh", "baohungyen"}
    for source in config.sources.values():
        for address in (source.home, *source.feeds, *source.sitemaps, *source.listings):
            assert address.startswith("http://127.0.0.1:80")
    assert config.store_path == tmp_path / "demo.sqlite"
    assert config.crawl.delay == 0
    assert config.rules == load(ROOT / "config.toml").rules


def test_outside_a_checkout_the_demo_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "ROOT", tmp_path)
    with pytest.raises(UsageError, match="run it in a checkout"), stage.newsroom(tmp_path, 1):
        pass


def test_a_newsroom_that_does_not_start_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "tests/newsroom"
    broken.mkdir(parents=True)
    (broken / "__main__.py").write_text("raise SystemExit('no paper today')")
    monkeypatch.setattr(stage, "ROOT", tmp_path)
    with (
        pytest.raises(stage.StageBroken, match="does not start: no paper today"),
        stage.newsroom(tmp_path, 1),
    ):
        pass
