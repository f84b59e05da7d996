"""The lines of config.toml that a short crawl of a new paper gives."""

from __future__ import annotations

import tomllib

from crawler.cli.probing import Probed, config_lines, with_json
from storage.records import RunReport, Way

HOME = "https://bao.vn"
WAYS = (Way("listing", f"{HOME}/xa-hoi", "ok", 40), Way("feed", f"{HOME}/rss", "http-404", 0))


def written(*learned: str, addresses: tuple[str, ...] = ()) -> dict[str, object]:
    probed = Probed(RunReport("done", ways=WAYS, learned=learned), {}, (), addresses)
    table: dict[str, object] = tomllib.loads(config_lines("bao", HOME, probed))["sources"]["bao"]
    return table


def test_ways_that_work_are_written_and_the_usual_shapes_are_not() -> None:
    assert written(addresses=(f"{HOME}/a-post1234.html",)) == {"home": HOME, "listings": ["/xa-hoi"]}


def test_a_learned_shape_is_written_beside_those_that_found_something() -> None:
    addresses = (f"{HOME}/?id=5", f"{HOME}/a-post1234.html")
    told = written(r"^/\?(?:.*&)?id=\d+", addresses=addresses)
    assert told["article"] == [r"^/\?(?:.*&)?id=\d+", r"-post(?P<post>\d{3,})\.html?$"]


def test_a_pattern_with_an_apostrophe_is_written_so_that_it_is_read_again() -> None:
    assert written(r"^/it's/\d+$")["article"] == [r"^/it's/\d+$"]


def test_listings_served_as_json_are_written_where_they_show_articles() -> None:
    posts, more = f"{HOME}/wp-json/wp/v2/posts?page=1", f"{HOME}/list-post-by-category?page=1&category_id=5"
    first = Probed(RunReport("done", ways=WAYS, candidates=(posts, more)), {}, ())
    ways = (*WAYS, Way("listing", posts, "not-json", 0), Way("listing", more, "ok", 12))
    found = with_json(first, Probed(RunReport("done", ways=ways), {more: (f"{HOME}/a",)}, ()))
    assert tomllib.loads(config_lines("bao", HOME, found))["sources"]["bao"] == {
        "home": HOME,
        "listings": ["/xa-hoi"],
        "json_listings": ["/list-post-by-category?page=1&category_id=5"],
    }


def test_candidates_that_show_nothing_change_nothing() -> None:
    first = Probed(RunReport("done", ways=WAYS, candidates=(f"{HOME}/wp-json/x",)), {}, ())
    assert with_json(first, Probed(RunReport("done", ways=WAYS), {}, ())) is first
