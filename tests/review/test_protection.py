"""Who is let in: the right host, and forms of our own page only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.review.protection import MOST_BYTES, Asking, refusal
from crawler.review.wording import Trouble

HOSTS = {"127.0.0.1:8765", "localhost:8765"}
READING = Asking("GET", "127.0.0.1:8765", origin=None, fetch_site=None, length=None)
SENDING = replace(READING, method="POST", length="20")


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765"])
def test_our_own_hosts_are_answered(host: str) -> None:
    assert refusal(replace(READING, host=host), HOSTS) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "rebound.example",
        "rebound.example:8765",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:8765.rebound.example",
        "localhost.rebound.example:8765",
    ],
)
def test_any_other_host_is_not(host: str) -> None:
    assert refusal(replace(READING, host=host), HOSTS) is Trouble.WRONG_HOST


@pytest.mark.parametrize(
    ("fetch_site", "origin"),
    [
        ("same-origin", None),
        ("same-origin", "null"),  # what our own referrer policy makes of our own forms
        ("same-origin", "http://127.0.0.1:8765"),
        (None, "http://127.0.0.1:8765"),  # a browser without Sec-Fetch-Site
    ],
)
def test_our_own_forms_are_taken(fetch_site: str | None, origin: str | None) -> None:
    assert refusal(replace(SENDING, fetch_site=fetch_site, origin=origin), HOSTS) is None


@pytest.mark.parametrize(
    ("fetch_site", "origin"),
    [
        ("cross-site", "https://elsewhere.example"),
        ("cross-site", "http://127.0.0.1:8765"),
        ("cross-site", None),
        ("same-site", "http://127.0.0.1:9999"),  # another program on this machine
        ("none", None),
        ("", None),
        ("same-origin", "https://elsewhere.example"),
        ("same-origin", "http://localhost:8765"),  # not the host this request was sent to
        ("same-origin", "https://127.0.0.1:8765"),
        (None, "null"),  # a sandboxed frame
        (None, "http://127.0.0.1:8765.elsewhere.example"),
        (None, None),
    ],
)
def test_foreign_forms_are_refused(fetch_site: str | None, origin: str | None) -> None:
    assert refusal(replace(SENDING, fetch_site=fetch_site, origin=origin), HOSTS) is Trouble.FOREIGN_FORM


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post"])
def test_other_methods_are_refused(method: str) -> None:
    assert refusal(replace(SENDING, method=method), HOSTS) is Trouble.WRONG_METHOD


@pytest.mark.parametrize(
    ("length", "trouble"),
    [
        (str(MOST_BYTES), None),
        (str(MOST_BYTES + 1), Trouble.TOO_LONG),
        ("9" * 4500, Trouble.TOO_LONG),
        (None, Trouble.NO_LENGTH),
        ("-1", Trouble.NO_LENGTH),
        ("²", Trouble.NO_LENGTH),
    ],
)
def test_a_form_says_its_length_and_is_short(length: str | None, trouble: Trouble | None) -> None:
    assert refusal(replace(SENDING, fetch_site="same-origin", length=length), HOSTS) is trouble
