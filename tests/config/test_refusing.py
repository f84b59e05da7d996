"""What is wrong in config.toml is named: the file, the table, the key and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import load
from crawler.errors import ConfigError

HOME = '[sources.bao]\nhome = "https://a.vn"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ndelai = 1", "unknown key crawl.delai; did you mean delay?"),
        ("[krawl]\ndelay = 1", "unknown key krawl; did you mean crawl?"),
        ("[store]\nxyz = 1", "unknown key store.xyz; known here: path"),
        (
            HOME + "[sources.bao.selectors]\nbodi = 'p'",
            "unknown key sources.bao.selectors.bodi; did you mean body?",
        ),
        ("[crawl]\ndelay = '1'", "crawl.delay: expected `float`, got `str`"),
        ("[crawl]\ndelay = -1", "crawl.delay: expected `float` >= 0"),
        ("[crawl]\nworkers = true", "crawl.workers: expected `int`, got `bool`"),
        ("[crawl]\nworkers = 0", "crawl.workers: expected `int` >= 1"),
        ("[store]\nkeep_pages = '6m'", "store.keep_pages: '6m' is less than a day; write it like 180d"),
        ("[store]\nmost_pages = '20'", "store.most_pages: '20' is no size; write it like 500MB"),
        ("[store]\nupkeep = '3:30'", "store.upkeep: '3:30' is no time of day; write it like 03:30"),
        ("[backup]\nkeep = 0", "backup.keep: expected `int` >= 1"),
        ("[backup]\nfolder = '/mnt'", "unknown key backup.folder; known here: dir, every, at, keep"),
        ("[crawl]\ndeadline = '5'", "crawl.deadline: '5' is no duration; write it like"),
        (
            "[crawl]\nuser_agent = 'a\\nb'\n".replace("'", '"'),
            "crawl.user_agent: must be plain printable ASCII",
        ),
        ("[crawl]\ncontact = 'Bảo'", "crawl.contact: must be plain ASCII"),
        ("[review]\nport = 70000", "review.port: expected `int` <= 65535"),
        ("crawl = 3", "crawl: must be a table, written [crawl]"),
        ("sources = []", "sources: must be tables like [sources.name]"),
        ("[sources]\nbao = 'https://a.vn'", "sources.bao: must be a table, written [sources.bao]"),
        ("[sources.bao]\nenabled = true", "sources.bao: object missing required field `home`"),
        (
            "[sources.bao]\nhome = 'baohatinh.vn'",
            "sources.bao.home: 'baohatinh.vn' is no address like https://",
        ),
        ("[sources.bao]\nhome = 'ftp://a.vn'", "sources.bao.home: 'ftp://a.vn' is no address"),
        ("[sources.bao]\nhome = 'https://u:p@a.vn'", "sources.bao.home: 'https://u:p@a.vn' is no address"),
        (
            "[sources.Báo]\nhome = 'https://a.vn'".replace("Báo", '"Báo"'),
            "sources.Báo: a source's name is lower-case",
        ),
        (HOME + "feeds = ['mailto:a']", "sources.bao.feeds: 'mailto:a' is no path or address"),
        (HOME + "article = '('", "sources.bao.article: '(' is no regular expression"),
        (HOME + "skip = ['(?P<']", "sources.bao.skip: '(?P<' is no regular expression"),
        (
            HOME + "[sources.bao.selectors]\nbody = 'p['",
            "sources.bao.selectors.body: 'p[' is no CSS selector",
        ),
        (HOME + "every = 'hourly'", "sources.bao.every: 'hourly' is no duration"),
        (
            HOME + "province = 'Hà Tĩn'",
            "sources.bao.province: 'Hà Tĩn' is no province of Vietnam; did you mean 'Hà Tĩnh'?",
        ),
        (HOME + "at_least = 'often'", "sources.bao.at_least: 'often' is no allowance; write it like 5/day"),
        (HOME + "at_least = '0/day'", "sources.bao.at_least: '0/day' is no allowance"),
        (HOME + "at_least = '1/fortnight'", "sources.bao.at_least: 'fortnight' is no duration"),
        (HOME + "spider = '../x'", "sources.bao.spider: '../x' is no name of a file in spiders/"),
        ("[rules.r]\nquery = 'a'\nany = ['b']", "rules.r: has a query and any/all/none lists"),
        ("[rules.r]\nany = ['a']\nsources = ['kia']", "rules.r.sources: there is no source 'kia'"),
        ("[rules.r]\nany = 'a'", "rules.r.any: expected `array`, got `str`"),
        ("[rules.r]\nfields = ['titel']", "rules.r.fields[0]: invalid enum value 'titel'"),
        ("[rules.r]\nweight = 0", "rules.r.weight: expected `float` > 0"),
        ("[lists]\na = 'b'", "lists: must be lists of phrases"),
        ("[crawl\n", "is not TOML"),
    ],
)
def test_a_mistake_is_named_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert said in line
    assert "\n" not in line
    assert caught.value.exit_code == 2


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file; name one with --config or \$DIEMBAO_CONFIG"):
        load(tmp_path / "nowhere.toml")


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_bytes_that_are_no_utf8_are_said_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"# B\xe1o\n")
    with pytest.raises(ConfigError, match=r"is not UTF-8 \(byte 3\)"):
        load(path)
