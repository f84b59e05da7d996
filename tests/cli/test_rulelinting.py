"""`rules lint` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, Run

BROKEN = """
[rules.khong_bao_gio]
query = '"công an xã" AND NOT "công an"'
[rules.ho]
query = '"công an" AND'
[rules.trung]
query = '"trộm" OR @thua'
[lists]
thua = ["trộm cắp", "cướp"]
bo_quen = ["hội nghị"]
"""


@pytest.fixture
def broken(folder: Path) -> Path:
    """A configuration whose rules and lists are wrong in several ways."""
    (folder / "config.toml").write_text(CONFIG + BROKEN, encoding="utf-8")
    return folder


def test_rules_that_are_well_end_with_0_and_a_count(run: Run, folder: Path) -> None:
    ran = run("rules", "lint")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "0 errors, 0 warnings, 1 hint (-v shows them)\n"
    assert run("rules", "lint", "-v").out.startswith("hint: rules.dinh_cong: has no test")


def test_every_error_comes_first_and_ends_with_1(run: Run, broken: Path) -> None:
    ran = run("rules", "lint")
    assert ran.code == 1
    told = [line.split(":")[:2] for line in ran.out.splitlines()]
    assert told == [
        ["error", " rules.ho"],
        ["error", " rules.khong_bao_gio"],
        ["warning", " lists.bo_quen"],
    ]
    assert "line 1, column 14" in ran.out
    assert ran.err.startswith("2 errors, 1 warning,")


def test_one_rule_is_linted_with_its_lists_alone(run: Run, broken: Path) -> None:
    ran = run("rules", "lint", "trung", "--json")
    assert ran.code == 0
    assert {one["where"] for one in ran.json} == {"rules.trung"}
    assert {"severity", "where", "level", "words", "trouble"} == set(ran.json[0])


def test_an_unknown_rule_is_answered_with_the_nearest(run: Run, folder: Path) -> None:
    ran = run("rules", "lint", "dinh_con")
    assert ran.code == 2
    assert "dinh_cong" in ran.err


def test_a_configuration_that_is_not_toml_ends_with_2(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("[rules", encoding="utf-8")
    assert run("rules", "lint").code == 2
