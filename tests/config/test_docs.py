"""docs/config.md explains every key that config.toml may hold, with its default."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from crawler.config import written

TEXT = (Path(__file__).parents[2] / "docs/config.md").read_text(encoding="utf-8")
TABLES: dict[str, type[msgspec.Struct]] = {
    "[store]": written.WrittenStore,
    "[backup]": written.WrittenBackup,
    "[crawl]": written.WrittenCrawl,
    "[review]": written.WrittenReview,
    "[log]": written.WrittenLog,
    "[notices]": written.WrittenNotices,
    "[channels.NAME]": written.WrittenChannel,
    "[report]": written.WrittenReport,
    "[sources.NAME]": written.WrittenSource,
    "[sources.NAME.selectors]": written.WrittenSelectors,
    "[rules.NAME]": written.WrittenRule,
}


def chapter(table: str) -> str:
    return TEXT.partition(f"## {table}\n")[2].partition("\n## ")[0]


def documented(table: str) -> list[str]:
    return [line.split("`")[1] for line in chapter(table).splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_explained_once_and_in_order(table: str) -> None:
    assert documented(table) == list(TABLES[table].__struct_encode_fields__)


@pytest.mark.parametrize(
    "table", ["[store]", "[backup]", "[crawl]", "[review]", "[log]", "[report]", "[notices]"]
)
def test_the_defaults_are_told(table: str) -> None:
    for field in msgspec.structs.fields(TABLES[table]):
        default = json.dumps(msgspec.to_builtins(field.default))
        assert f"| `{field.name}` | `{default}` |" in chapter(table)


def test_every_table_has_a_chapter() -> None:
    known = {table.strip("[]").partition(".")[0] for table in [*TABLES, "[lists]"]}
    assert known == set(written.WrittenConfig.__struct_fields__)
    assert [line[3:] for line in TEXT.splitlines() if line.startswith("## ")] == [
        *list(TABLES)[:-1],
        "[lists]",
        "[rules.NAME]",
    ]
