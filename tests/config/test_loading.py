"""Reading config.toml: defaults, resolution, origins, and the shipped file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler import __version__
from crawler.config import Allowance, Backup, Config, Upkeep, load
from crawler.sizes import Size

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str) -> Config:
    return load(write(folder, text))


def test_an_empty_file_is_a_whole_configuration_of_defaults(tmp_path: Path) -> None:
    config = loaded(tmp_path, "")
    assert config.store_path == tmp_path / "data/diembao.sqlite"
    assert (config.crawl.delay, config.crawl.deadline) == (1.0, timedelta(minutes=30))
    assert (config.review.host, config.review.port) == ("127.0.0.1", 8765)
    assert (dict(config.sources), config.rules) == ({}, ())
    assert set(config.origins.values()) == {"default"}


def test_the_shipped_file_names_five_sources_of_which_three_are_watched() -> None:
    config = load(ROOT / "config.toml")
    watched = [name for name, source in config.sources.items() if source.enabled]
    assert watched == ["baohatinh", "baohungyen", "kontumtv"]
    assert {"gialaitv", "congan_kontum"} < set(config.sources)
    assert not config.crawl.allow_private_addresses


def test_every_address_of_a_source_is_built_from_its_home(tmp_path: Path) -> None:
    source = loaded(
        tmp_path,
        '[sources.bao]\nhome = "http://127.0.0.1:8080"\nfeeds = "/rss"\nlistings = ["/", "xa-hoi"]\n'
        'sitemaps = ["https://kho.example.vn/sitemap.xml"]\n',
    ).sources["bao"]
    assert source.home == "http://127.0.0.1:8080/"
    assert source.feeds == ("http://127.0.0.1:8080/rss",)
    assert source.listings == ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/xa-hoi")
    assert source.sitemaps == ("https://kho.example.vn/sitemap.xml",)


def test_a_source_of_two_lines_is_enough(tmp_path: Path) -> None:
    source = loaded(tmp_path, '[sources.bao]\nhome = "https://bao.example.vn"\n').sources["bao"]
    assert (source.enabled, source.every, source.at_least) == (True, timedelta(minutes=30), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/day", Allowance(5, timedelta(days=1))),
        ("1/week", Allowance(1, timedelta(days=7))),
        ("2 / 10d", Allowance(2, timedelta(days=10))),
    ],
)
def test_at_least_is_a_count_in_a_window(tmp_path: Path, text: str, expected: Allowance) -> None:
    config = loaded(tmp_path, f'[sources.bao]\nhome = "https://a.vn"\nat_least = "{text}"\n')
    assert config.sources["bao"].at_least == expected


def test_the_user_agent_says_who_we_are_and_whom_to_write_to(tmp_path: Path) -> None:
    config = loaded(tmp_path, '[crawl]\ncontact = "an@example.vn"\n')
    assert config.crawl.user_agent == f"diembao/{__version__} (+an@example.vn)"


def test_a_rule_of_lists_and_a_rule_of_a_query_are_both_kept_as_written(tmp_path: Path) -> None:
    rules = loaded(
        tmp_path,
        '[rules.a]\nany = ["đình công"]\nnone = ["phim"]\n'
        '[rules.b]\nlabel = "Biểu tình"\nquery = "biểu NEAR tình"\nfields = ["title"]\nweight = 2\n',
    ).rules
    assert (rules[0].any_of, rules[0].none_of, rules[0].label) == (("đình công",), ("phim",), "a")
    assert (rules[1].query, rules[1].fields, rules[1].weight, rules[1].label) == (
        "biểu NEAR tình",
        ("title",),
        2.0,
        "Biểu tình",
    )


def test_every_value_says_where_it_came_from(tmp_path: Path) -> None:
    path = write(tmp_path, '[crawl]\ndelay = 2\n[sources.bao]\nhome = "https://a.vn"\n')
    origins = load(path, store_path=tmp_path / "kho.sqlite").origins
    assert origins["crawl.delay"] == origins["sources.bao.home"] == str(path)
    assert origins["crawl.workers"] == origins["sources.bao.every"] == "default"
    assert origins["store.path"] == "--db"


def test_the_environment_names_the_file_when_the_command_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIEMBAO_CONFIG", str(write(tmp_path, "[review]\nport = 9000\n")))
    assert load().review.port == 9000


def test_config_toml_here_is_read_when_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "[review]\nport = 9001\n")
    monkeypatch.delenv("DIEMBAO_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    config = load()
    assert (config.review.port, config.store_path) == (9001, tmp_path / "data/diembao.sqlite")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[review]\r\nport = 9002\r\n")
    assert load(path).review.port == 9002


def test_how_the_store_is_kept_and_copied_is_read(tmp_path: Path) -> None:
    text = (
        "[store]\nupkeep = ''\nkeep_pages = '2y'\nmost_pages = '20 GB'\n"
        "[backup]\ndir = '../safe'\nevery = '6h'\nat = ''\nkeep = 3\n"
    )
    config = load(write(tmp_path, text))
    assert config.upkeep == Upkeep(None, timedelta(days=730), Size(20 * 10**9))
    assert config.backup == Backup(tmp_path / "../safe", timedelta(hours=6), None, 3)
