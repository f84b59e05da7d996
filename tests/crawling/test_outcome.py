"""How a crawl is judged, what is told, and what stands before a page."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from crawler.crawling.asking import named
from crawler.crawling.conditions import conditions
from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.outcome import Met, judge_crawl
from crawler.crawling.politeness import retry_after
from crawler.crawling.tally import Tally
from crawler.crawling.walls import is_page, wall
from storage.records import Validators, Way

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def ways(*outcomes: str) -> list[Way]:
    return [Way("listing", f"https://bao.vn/{n}", outcome, 0) for n, outcome in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        (["ok"], "done"),
        (["unchanged", "http-404"], "done"),
        (["http-404", "empty"], "failed"),
        (["http-500"], "failed"),
        (["http-404", "cookie-wall"], "blocked"),
        (["http-403"], "blocked"),
        (["forbidden-by-robots"], "blocked"),
        (["robots-unavailable"], "blocked"),
        (["dns"], "dead"),
        (["timeout", "timeout"], "dead"),
        (["tls"], "dead"),
        ([], "failed"),
    ],
)
def test_a_crawl_is_judged_by_its_ways(outcomes: list[str], outcome: str) -> None:
    judged, trouble = judge_crawl(Met(ways(*outcomes)))
    assert judged == outcome
    assert (trouble is None) == (outcome == "done")


def test_a_home_that_leads_elsewhere_is_told_with_the_new_host() -> None:
    outcome, trouble = judge_crawl(Met(ways("redirected-away"), moved_to="baoquangngai.vn"))
    assert outcome == "moved"
    assert trouble is not None
    assert "baoquangngai.vn" in trouble


def test_lists_without_a_single_article_to_be_had_are_no_success() -> None:
    assert judge_crawl(Met(ways("ok"), reasons={"http-403": 8}))[0] == "blocked"
    assert judge_crawl(Met(ways("ok"), kept=1, reasons={"http-403": 8}))[0] == "done"
    assert judge_crawl(Met(ways("ok"), reasons={"reading-crashed": 8}))[0] == "failed"


def test_pages_that_were_had_and_gave_no_article_are_for_health_to_judge() -> None:
    assert judge_crawl(Met(ways("ok"), reasons={"empty-body": 8}))[0] == "done"


def test_articles_that_fail_for_many_reasons_are_not_given_one_of_them() -> None:
    reasons = {"timeout": 2, "http-500": 1, "truncated": 1, "too-large": 1, "http-404": 1}
    outcome, trouble = judge_crawl(Met(ways("ok"), reasons=reasons))
    assert outcome == "failed"
    assert trouble is not None
    assert "2 × timeout" in trouble
    assert "none of 6 articles" in trouble


def test_an_error_of_our_own_is_never_done() -> None:
    assert judge_crawl(Met(ways("ok"), kept=9, broke="the disk is full")) == ("failed", "the disk is full")


WALL = b'<body><script>document.cookie="D1N=abc; path=/";window.location.reload(true);</script></body>'


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (WALL, "cookie-wall"),
        (b"<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>", "challenge"),
        (b"<form><input name=u><input type='password' name=p></form>", "login"),
        (b"<h1>Buy this domain</h1>", "parked"),
        (b"<p>Tin</p>" + b"<a href=/x>x</a>" * 9 + WALL, None),
        (b"<p>Tin</p>" + b"<a href=/x>x</a>" * 9 + b"<input type=password>", None),
    ],
)
def test_what_stands_before_a_page_is_recognised(body: bytes, name: str | None) -> None:
    assert wall(body) == name


def test_a_file_is_told_from_a_page() -> None:
    assert not is_page("text/html", b"%PDF-1.7")
    assert not is_page("application/octet-stream", b"\x01\x02")
    assert is_page("application/octet-stream", b"<!DOCTYPE html><html>")
    assert is_page("", b"<p>x")


def test_what_went_wrong_has_a_stable_name() -> None:
    assert reason_of(DownloadTimeoutError()) == "timeout"
    assert reason_of(CannotResolveHostError()) == "dns"
    assert reason_of(DownloadCancelledError()) == "too-large"
    assert reason_of(IgnoreRequest("body exceeded DOWNLOAD_MAXSIZE (10 B)")) == "too-large"
    assert reason_of(Refused("redirected-away", "x.vn")) == "redirected-away"
    assert reason_of(KeyError("x")) == "unreadable-answer"


def test_an_answer_is_asked_for_only_if_it_changed() -> None:
    assert conditions(Validators('"a"', "Mon", 0, 9), NOW) == {
        "If-None-Match": '"a"',
        "If-Modified-Since": "Mon",
    }
    assert conditions(None, NOW) == {}


def test_a_server_that_always_says_unchanged_is_asked_in_full_now_and_then() -> None:
    asked = [bool(conditions(Validators('"a"', None, unchanged, 9), NOW)) for unchanged in range(20)]
    assert asked[0]
    assert not all(asked)


def test_a_walk_that_was_cut_short_is_asked_for_in_full() -> None:
    assert conditions(Validators('"a"', None, 0, -1), NOW) == {}


@pytest.mark.parametrize(
    ("status", "body", "name"), [(304, b"", "unchanged"), (500, b"", "http-500"), (200, b" ", "empty")]
)
def test_an_answer_is_named(status: int, body: bytes, name: str) -> None:
    assert named(Response("https://bao.vn/", status=status, body=body)) == name


@pytest.mark.parametrize(
    ("value", "status", "until"),
    [
        ("120", 429, NOW + timedelta(seconds=120)),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 503, NOW + timedelta(hours=1)),
        ("Mon, 23 Nov 2020 09:00:00 GMT", 503, None),
        ("soon", 429, None),
        ("", 429, None),
        ("120", 200, None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, status: int, until: datetime | None) -> None:
    response = Response("https://bao.vn/", status=status, headers={"Retry-After": value})
    assert retry_after(response, NOW) == until


@pytest.mark.parametrize(
    "said",
    [
        "TÊN MIỀN NÀY ĐÃ HẾT HẠN",
        "Tên miền bao.vn hiện đang được rao bán",
        unicodedata.normalize("NFD", "Tên miền này chưa được gia hạn"),
        "Bạn muốn mua lại tên miền này?",
    ],
)
def test_a_registrar_of_vietnam_that_sells_the_domain_is_seen(said: str) -> None:
    assert wall(f"<html><body><h1>{said}</h1></body></html>".encode()) == "parked"


def test_a_story_about_domains_that_lapsed_is_no_parked_page() -> None:
    story = f"<p>Tên miền của doanh nghiệp đã hết hạn từ tháng trước.</p>{'<p>Chuyện dài.</p>' * 900}"
    assert wall(f"<html><body><h1>Tin</h1>{story}</body></html>".encode()) is None


def test_a_crawl_that_was_ended_before_it_asked_anything_blames_nobody() -> None:
    tally = Tally(ended_by="stopped")
    report = tally.report({}, 0)
    assert (report.outcome, report.trouble) == ("stopped", None)


def test_articles_that_were_announced_and_taken_back_make_no_crawl_fail() -> None:
    assert judge_crawl(Met(ways("ok"), reasons={"http-404": 3, "http-410": 1})) == ("done", None)
    assert judge_crawl(Met(ways("ok"), reasons={"http-404": 3, "http-500": 3}))[0] == "failed"
