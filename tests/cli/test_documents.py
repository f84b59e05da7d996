"""`diembao documents`, and documents and figures as `show` prints them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.reciting import recite
from storage.store import Store
from tests.cli.conftest import Run
from tests.making import article, keep

BODY = (
    "Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư. Kết luận 44 nêu rõ. Có 70/85 xã, hơn 2.000 hộ.\n\n"
    "Kế hoạch \x1bsố 118 và Kế hoạch số 118."
)


@pytest.fixture
def cited(folder: Path) -> Path:
    """A store of three articles, two of which cite."""
    with Store.open(folder / "store.sqlite") as store:
        other = replace(article(2), source="kontumtv", key="kontumtv:2", body="Nghị định 40/2024/NĐ-CP")
        keep(store, [article(1, body=BODY), other, article(3)])
        recite(store, {})
    return folder


def test_documents_are_listed_with_counts_and_when(run: Run, cited: Path) -> None:
    ran = run("documents")

    heads, *rows = ran.out.splitlines()
    assert heads.split() == ["document", "articles", "times", "first", "last", "over", "time"]
    assert rows[0].split() == ["KL-44-TW@2019-01-22", "1", "2", "23/11/2026", "23/11/2026", "2026-11:", "1"]
    assert [row.split()[0] for row in rows[1:]] == ["KH-118-?", "NĐ-40-2024-CP"]
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("key", ["44-KL/TW", "Kết luận 44", "KL-44-TW@2019-01-22", "kl-44-tw"])
def test_a_key_shows_the_articles_that_cite_it(run: Run, cited: Path, key: str) -> None:
    ran = run("documents", "--key", key)

    assert "KL-44-TW@2019-01-22  Ban Bí thư" in ran.out
    assert "    1  23/11/2026  baohatinh  Công nhân" in ran.out
    assert "(2 times)" in ran.out
    assert "NĐ-40" not in ran.out


def test_json_tells_all_of_it(run: Run, cited: Path) -> None:
    (told,) = run("documents", "--key", "44-KL/TW", "--by", "week", "--json").json

    assert told == {
        "key": "KL-44-TW@2019-01-22",
        "type": "KL",
        "number": 44,
        "year": None,
        "organ": "TW",
        "province": None,
        "date": "2019-01-22",
        "term": "XII",
        "issuer": "Ban Bí thư",
        "articles": 1,
        "mentions": 2,
        "first": "2026-11-23T11:00:00+07:00",
        "last": "2026-11-23T11:00:00+07:00",
        "over_time": {"2026-11-23": 1},
        "cited_in": [
            {
                "id": 1,
                "source": "baohatinh",
                "title": article(1).title,
                "at": "2026-11-23T11:00:00+07:00",
                "mentions": 2,
            }
        ],
    }


def test_source_days_and_limit_choose(run: Run, cited: Path) -> None:
    assert [one["key"] for one in run("documents", "--source", "kontumtv", "--nl").lines] == ["NĐ-40-2024-CP"]
    assert run("documents", "--since", "2026-11-24", "--json").json == []
    assert len(run("documents", "--until", "23/11/2026", "--nl").lines) == 3
    ran = run("documents", "--limit", "1")
    assert len(ran.out.splitlines()) == 2
    assert "1 of 3 shown" in ran.err


def test_nothing_found_is_said_and_done(run: Run, cited: Path) -> None:
    ran = run("documents", "--key", "45-KL/TW")
    assert (ran.code, ran.out, ran.err) == (0, "", "no such document is cited\n")


@pytest.mark.parametrize("wrong", [("--key", "abc"), ("--source", "nobody"), ("--by", "year")])
def test_what_is_wrong_is_wrong_usage(run: Run, cited: Path, wrong: tuple[str, str]) -> None:
    ran = run("documents", *wrong)
    assert ran.code == 2
    assert wrong[1] in ran.err


def test_articles_not_read_yet_are_told_of(run: Run, folder: Path) -> None:
    with Store.open(folder / "store.sqlite") as store:
        keep(store, [article(1)])
    assert "1 articles are older than the reading of citations; `diembao reflag`" in run("documents").err
    assert run("reflag").code == 0
    assert "older" not in run("documents").err


def test_show_prints_documents_and_figures_made_harmless(run: Run, cited: Path) -> None:
    ran = run("show", "1")

    assert "document: KL-44-TW@2019-01-22 (2 times, symbol+date)" in ran.out
    assert "Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư; Kết luận 44" in ran.out
    assert "figures: 70/85 xã; hơn 2.000 hộ" in ran.out
    assert "\x1b" not in ran.out


def test_show_as_json_has_every_place(run: Run, cited: Path) -> None:
    told = run("show", "1", "--json").json

    first = told["documents"][0]
    assert (first["key"], first["how"], first["confidence"]) == ("KL-44-TW@2019-01-22", "symbol+date", 1.0)
    for place in [*first["mentions"], *told["figures"]]:
        start, end = place["span"]
        assert told[place["field"]][start:end] == place["text"]
    assert [(one["value"], one["whole"], one["counted"], one["about"]) for one in told["figures"]] == [
        (70, 85, "xã", None),
        (2000, None, "hộ", "hơn"),
    ]
