"""`config show`'s values: resolved, in the words of config.toml, with their origin."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.config import load
from crawler.config.showing import Shown, values

ROOT = Path(__file__).parents[2]
TEXT = """
[store]
most_pages = "20 GB"
[crawl]
deadline = "90m"
[sources.bao]
home = "https://a.vn"
feeds = "/rss"
article = '-(\\d+)'
at_least = "5/day"
[lists]
nghi = ["nghỉ việc"]
[rules.r]
any = ["đình công", "@nghi"]
"""


def shown(folder: Path) -> dict[str, Shown]:
    (folder / "config.toml").write_text(TEXT, encoding="utf-8")
    return {one.key: one for one in values(load(folder / "config.toml"))}


def test_values_are_resolved_and_written_as_in_the_file(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["crawl.deadline"].value == "1h30m"
    assert found["store.upkeep"].value == "03:30"
    assert found["store.most_pages"].value == "20GB"
    assert found["store.keep_pages"].value is None
    assert found["backup.at"].value == "02:30"
    assert found["crawl.look_back"].value == "30d"
    assert found["store.path"].value == str(tmp_path / "data/diembao.sqlite")
    assert found["sources.bao.feeds"].value == ["https://a.vn/rss"]
    assert found["sources.bao.article"].value == ["-(\\d+)"]
    assert found["sources.bao.at_least"].value == "5/day"
    assert found["sources.bao.selectors.body"].value == []
    assert found["rules.r.any"].value == ["đình công", "@nghi"]
    assert found["lists.nghi"].value == ["nghỉ việc"]


def test_each_says_who_set_it(tmp_path: Path) -> None:
    found = shown(tmp_path)
    assert found["crawl.deadline"].origin == str(tmp_path / "config.toml")
    assert found["crawl.delay"].origin == "default"


def test_every_value_of_the_shipped_file_can_be_shown_as_json() -> None:
    found = list(values(load(ROOT / "config.toml")))
    assert {"sources.kontumtv.selectors.drop", "crawl.user_agent"} <= {one.key for one in found}
    assert json.dumps([one.value for one in found])
