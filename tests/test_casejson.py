"""The JSON of a case: the contract's keys, in its order, with its zone."""

from __future__ import annotations

from dataclasses import replace

from crawler.casejson import case_json, flag_json
from tests.making import NOON, case, flag, verdict

CONTRACT = [
    "id", "key", "source", "url", "title", "lead", "body", "authors", "section", "tags",
    "published_at", "published_precision", "published_from", "updated_at", "images", "found_in", "fetched_at",
    "revision", "changed_at", "gone_at", "flags", "verdict", "documents", "figures", "story", "raised",
]  # fmt: skip


def test_a_case_has_every_key_of_the_contract_in_its_order() -> None:
    assert list(case_json(case())) == CONTRACT


def test_moments_bear_vietnams_offset() -> None:
    told = case_json(replace(case(verdict=verdict()), changed_at=NOON, gone_at=NOON))
    assert told["fetched_at"] == told["changed_at"] == told["gone_at"] == "2026-11-23T12:00:00+07:00"
    assert told["published_at"] == "2026-11-23T11:00:00+07:00"
    assert told["verdict"] == {"decision": "keep", "note": verdict().note, "at": "2026-11-23T13:00:00+07:00"}


def test_what_is_not_known_is_null_and_never_guessed() -> None:
    bare = replace(case(), article=replace(case().article, published=None, lead=None, section=None))
    told = case_json(bare)
    unknown = [
        "published_at",
        "published_precision",
        "published_from",
        "updated_at",
        "lead",
        "section",
        "changed_at",
        "verdict",
    ]
    assert [told[key] for key in unknown] == [None] * len(unknown)
    assert told["flags"] == []


def test_a_flags_span_cuts_the_matched_words_from_its_field() -> None:
    told = case_json(case(flags=[flag()]))
    [[start, end]] = told["flags"][0]["spans"]
    assert told[told["flags"][0]["field"]][start:end] == "đình công"
    contract = ["rule", "label", "version", "field", "spans", "quote"]
    assert list(flag_json(flag())) == [*contract, "level", "score", "absent", "excluded"]
