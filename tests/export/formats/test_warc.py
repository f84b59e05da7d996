"""pages.warc.gz: records that warcio checks, one gzip member each, digests by our own sum."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.export.formats.warc import http_headers, status_line
from storage.records import LostPage, Page
from tests.export.formats.writing import Given, told, written
from tests.making import NOON

BODY = "<html><h1>Đình công</h1></html>".encode()
HTML = (("Content-Type", "text/html; charset=utf-8"),)
PAGE = Page("https://bao.example.vn/tin-1.html", 200, HTML, NOON, BODY)


def exported(folder: Path, *pages: Page) -> Path:
    written("warc", [told()], folder, Given(pages=lambda article_id: pages))
    return folder / "pages.warc.gz"


def records(path: Path) -> list[tuple[dict[str, str], dict[str, str], bytes]]:
    """WARC headers, HTTP headers and payload of each record, all digests checked."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            payload = record.content_stream().read()
            http = dict(record.http_headers.headers) if record.http_headers else {}
            found.append((dict(record.rec_headers.headers), http, payload))
    return found


def members(content: bytes) -> Iterable[bytes]:
    while content:
        reader = zlib.decompressobj(wbits=31)
        yield reader.decompress(content)
        assert reader.eof
        content = reader.unused_data


def test_it_opens_with_who_wrote_it_and_holds_each_page(tmp_path: Path) -> None:
    older = replace(PAGE, fetched_at=NOON - timedelta(days=1), body=b"cu")
    (info, _, about), *responses = records(exported(tmp_path / "out", older, PAGE))
    assert info["WARC-Type"] == "warcinfo"
    assert about.startswith(b"software: diembao/0.1.0\r\n")
    assert [payload for _, _, payload in responses] == [b"cu", BODY]
    headers, http, _ = responses[1]
    assert headers["WARC-Target-URI"] == PAGE.url
    assert headers["WARC-Date"] == "2026-11-23T05:00:00.000000Z"
    assert http == {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(BODY))}


def test_every_record_is_a_gzip_member_whose_digests_are_right(tmp_path: Path) -> None:
    info, response = members(exported(tmp_path / "out", PAGE).read_bytes())
    assert info.startswith(b"WARC/1.1\r\n")
    head, _, block = response.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    payload = block.partition(b"\r\n\r\n")[2]
    assert block.startswith(b"HTTP/1.1 200 OK\r\n")
    for name, content in (("Block", block), ("Payload", payload)):
        digest = base64.b32encode(hashlib.sha1(content).digest()).decode()
        assert f"WARC-{name}-Digest: sha1:{digest}\r\n".encode() in head + b"\r\n"


def test_headers_that_are_untrue_of_what_is_stored_are_told_as_the_originals() -> None:
    untrue = (("Content-Encoding", "br"), ("transfer-encoding", "chunked"), ("Content-Length", "7"))
    assert list(http_headers(replace(PAGE, headers=(*untrue, ("Vary", "*"))))) == [
        ("X-Archive-Orig-Content-Encoding", "br"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("X-Archive-Orig-Content-Length", "7"),
        ("Vary", "*"),
        ("Content-Length", str(len(BODY))),
    ]


def test_hostile_headers_and_addresses_are_each_one_line(tmp_path: Path) -> None:
    headers = (("X-A\r\nSet-Cookie", "a\r\n\r\nb"), ("X:B đ", "Hà Tĩnh"), ("", ""), ("Server", "a\x00b"))
    hostile = replace(PAGE, url="https://x.vn/\r\nWARC-Type: metadata", headers=headers, status=799)
    _, (warc, http, payload) = records(exported(tmp_path / "out", hostile))
    assert warc["WARC-Type"] == "response"
    assert payload == BODY
    assert "Set-Cookie" not in http
    assert http["Server"] == "a b"


def test_the_identifier_follows_from_the_page(tmp_path: Path) -> None:
    other = replace(PAGE, body=b"khac")
    first = {warc["WARC-Record-ID"] for warc, _, _ in records(exported(tmp_path / "a", PAGE, other))}
    again = {warc["WARC-Record-ID"] for warc, _, _ in records(exported(tmp_path / "b", PAGE))}
    assert len(first) == 3
    assert again < first


def test_articles_without_a_page_are_counted(tmp_path: Path) -> None:
    kept: dict[int, list[Page]] = {1: [PAGE]}
    given = Given(pages=lambda article_id: kept.get(article_id, []))
    remarks = written("warc", [told(1), told(2), told(3)], tmp_path / "out", given)
    assert remarks == ["pages.warc.gz: the store keeps no page of 2 articles any more, first of article 2"]


def test_each_page_that_was_let_go_is_named_with_when(tmp_path: Path) -> None:
    lost = LostPage("https://bao.example.vn/tin-1.html", NOON, NOON + timedelta(days=30))
    given = Given(pages=lambda article_id: [PAGE], lost=lambda article_id: [lost] * (article_id == 2))
    [remark] = written("warc", [told(1), told(2), told(3)], tmp_path / "out", given)
    assert "1 page of 1 article that the store let go on 2026-12-23T12:00:00+07:00" in remark
    [header, row] = (tmp_path / "out/pages-missing.csv").read_text(encoding="utf-8").splitlines()
    assert header == "id,key,url,fetched_at,let_go_at"
    assert row.startswith("2,")
    assert row.endswith(",2026-11-23T12:00:00+07:00,2026-12-23T12:00:00+07:00")


def test_where_no_page_is_missing_there_is_no_file_of_them(tmp_path: Path) -> None:
    assert {path.name for path in exported(tmp_path / "out", PAGE).parent.iterdir()} == {"pages.warc.gz"}


@pytest.mark.parametrize(("status", "said"), [(200, "200 OK"), (404, "404 Not Found"), (799, "799")])
def test_a_status_has_its_name_if_it_has_one(status: int, said: str) -> None:
    assert status_line(status) == said


def test_a_page_of_ten_megabytes_is_whole(tmp_path: Path) -> None:
    body = bytes(range(256)) * 40_000
    _, response = records(exported(tmp_path / "out", replace(PAGE, body=body)))
    assert response[2] == body
