"""Drift: a redesign is told on the first run that meets it, chance is not, and what is mended is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from crawler.watching.drift import drifts, is_settled
from crawler.watching.findings import Evidence
from crawler.watching.health import health
from storage.records import Readings, ReadRun
from tests.watching.making import HOUR, MINUTE, NOW, run, source

FIELDS = ("title", "lead", "body", "authors", "published", "section")


def read(pages: int = 12, length: int = 1800, **layers: Mapping[str, int]) -> Readings:
    """A run of a source with selectors for everything, all of which match unless said otherwise."""
    all_well = {part: {"selector": pages} for part in FIELDS}
    return Readings(pages, all_well | layers, FIELDS, length, 9)


def test_a_source_that_is_read_as_ever_has_nothing_to_tell() -> None:
    assert drifts([read(), read(3), read()]) == ()
    assert drifts([]) == ()


def test_a_redesign_is_told_on_the_first_run() -> None:
    assert drifts([read(body={"generic": 12}), read(), read(30)]) == (
        "selector body matched 0 of 12 (before 42 of 42); the generic layer read 12 of 12; used it",
    )


def test_what_no_layer_reads_is_told_as_such() -> None:
    (told,) = drifts([read(body={}), read()])
    assert told == "selector body matched 0 of 12 (before 12 of 12); no other layer read it"


@pytest.mark.parametrize(("part", "word"), [("published", "date"), ("authors", "author"), ("lead", "lead")])
def test_every_field_is_watched_by_its_name_in_config(part: str, word: str) -> None:
    (told,) = drifts([replace(read(), layers={**read().layers, part: {"meta": 9}}), read(20)])
    assert told == f"selector {word} matched 0 of 12 (before 20 of 20); the meta layer read 9 of 12; used it"


@pytest.mark.parametrize("pages", [1, 2])
def test_one_odd_page_or_two_are_no_redesign(pages: int) -> None:
    assert drifts([read(pages, body={"generic": pages}), read(100)]) == ()


def test_runs_of_single_pages_add_up_to_a_redesign() -> None:
    lost = read(1, body={"generic": 1})
    assert drifts([lost, lost, lost, read(30)]) == (
        "selector body matched 0 of 3 (before 30 of 30); the generic layer read 3 of 3; used it",
    )


def test_a_field_that_was_often_missing_may_be_missing_again() -> None:
    seldom = [read(5, authors={"selector": n % 3}) for n in range(12)]
    assert drifts([read(5, authors={}), *seldom]) == ()
    assert len(drifts([read(40, authors={}), *seldom])) == 1


def test_too_short_a_history_says_nothing() -> None:
    assert drifts([read(authors={}), read(4)]) == ()


def test_a_redesign_is_told_for_as_long_as_it_lasts() -> None:
    lost = read(3, body={"generic": 3})
    (told,) = drifts([*[lost] * 200, read(30)])
    assert told.startswith("selector body matched 0 of 600 (before 30 of 30)")


def test_selectors_that_match_again_clear_it_at_once() -> None:
    lost = read(body={"generic": 12})
    assert drifts([lost, read(100)])
    assert drifts([read(1), lost, read(100)]) == ()


def test_a_body_selector_that_never_matched_is_told_without_any_history() -> None:
    (told,) = drifts([read(body={"epi": 12})])
    assert told == "selector body matched 0 of 12; the epi layer read 12 of 12; used it"
    assert drifts([read(4, body={"epi": 4})]) == ()
    assert drifts([read(authors={})]) == (), "other fields may be absent for good reason"


def test_selectors_newly_written_are_not_measured_by_the_runs_before_them() -> None:
    before = replace(read(body={"generic": 12}), selectors=())
    assert drifts([read(), before]) == ()


def test_a_source_without_selectors_is_measured_by_what_is_read_at_all() -> None:
    plain = replace(read(30, lead={"json-ld": 30}), selectors=())
    (told,) = drifts([replace(read(lead={"json-ld": 1}), selectors=()), plain])
    assert told == "lead read on 1 of 12 pages, before on 30 of 30"


def test_bodies_that_shrink_to_a_third_are_told_however_well_the_selector_matches() -> None:
    assert drifts([read(length=300), read(), read()]) == (
        "bodies have 300 characters in 9 paragraphs, before 1800 in 9",
    )
    assert drifts([read(length=900), read(), read()]) == ()
    assert drifts([read(5, length=300), read(), read()]) == (), "five short ones may be chance"
    assert len(drifts([read(length=9000), read(), read()])) == 1


def test_selectors_that_tell_another_story_than_the_page_are_told() -> None:
    agreed = replace(read(80), compared=12, agreed=12)
    runs = [replace(read(), compared=2, agreed=0)] * 2
    (told,) = drifts([*runs, agreed])
    assert (
        told == "the selectors and the generic layer tell the same story on 0 of 4 pages, before on 12 of 12"
    )


def test_status_calls_it_a_redesign_and_says_what_to_do() -> None:
    lost, well = ReadRun(2, read(body={"generic": 12})), ReadRun(1, read())
    evidence = Evidence([run("done", MINUTE)], run("done", MINUTE), None, HOUR, [lost, well])
    found = health(source(), evidence, NOW)
    assert (found.state, found.healthy) == ("redesigned", False)
    (complaint,) = found.complaints
    assert complaint.startswith("selector body matched 0 of 12 (before 12 of 12); the generic layer read 12")
    assert "mend sources.bao.selectors" in complaint
    assert complaint.endswith("`diembao reread --source bao`")
    assert health(source(), replace(evidence, read=[well, lost]), NOW).state == "well"


def test_older_runs_are_looked_at_where_the_newest_lack_what_others_had() -> None:
    assert is_settled([read(), read()])
    assert is_settled([])
    assert is_settled([read(pages=0), read()])
    assert not is_settled([read(body={"generic": 12}), read()])  # its selector matched nothing
    assert not is_settled([read(lead={}), read()])
    assert is_settled([read(lead={}), read(lead={})]) is False  # the source has a selector for it
