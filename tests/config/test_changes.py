"""What a re-read configuration changes is said in the words of config.toml."""

from __future__ import annotations

from pathlib import Path

from crawler.config import changes, load

BEFORE = """
[crawl]
delay = 1.0
[sources.bao]
home = "https://a.vn"
article = ['-(\\d+)\\.html$']
[sources.cu]
home = "https://cu.vn"
[rules.r]
any = ["đình công"]
"""


def said(folder: Path, after: str) -> tuple[str, ...]:
    (folder / "config.toml").write_text(BEFORE, encoding="utf-8")
    old = load(folder / "config.toml")
    (folder / "config.toml").write_text(after, encoding="utf-8")
    return changes(old, load(folder / "config.toml"))


def test_the_same_file_changes_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, BEFORE + "\n# lời bình\n") == ()


def test_a_changed_value_is_said_with_before_and_after(tmp_path: Path) -> None:
    assert said(tmp_path, BEFORE.replace("delay = 1.0", "delay = 2.5")) == ("crawl.delay: 1.0 → 2.5",)


def test_sources_that_come_and_go_are_named(tmp_path: Path) -> None:
    after = BEFORE.replace("[sources.cu]", "[sources.moi]")
    assert said(tmp_path, after) == ("sources.cu: removed", "sources.moi: added")


def test_a_changed_pattern_and_a_changed_rule_are_shown(tmp_path: Path) -> None:
    after = BEFORE.replace("-(\\d+)", "-p(\\d+)").replace('["đình công"]', '["bãi công"]')
    assert said(tmp_path, after) == (
        "sources.bao.article: [-(\\d+)\\.html$] → [-p(\\d+)\\.html$]",
        "rules.r.any_of: [đình công] → [bãi công]",
    )
