"""`warc`: the stored pages as a web archive that pywb replays."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.export.formats.lostpages import LostFile
from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import About, Place, Tallied, Told
from storage.records import Page

FILE = "pages.warc.gz"
_VERSION = "1.1"
_UNTRUE = frozenset(("content-encoding", "transfer-encoding", "content-length"))  # of what the store keeps

_TOKEN = "!#$%&'*+^`|~"  # beside letters, digits and -._ what the name of a header may hold


class Warc(PlainFile):
    """pages.warc.gz: a warcinfo, then a response for every page that a text was read from."""

    def __init__(self, place: Place) -> None:
        self._pages = place.pages
        self._lost = LostFile(place)
        self._missing = 0
        self._first_missing = 0
        self._file = (place.folder / FILE).open("wb", buffering=BUFFER)
        self._writer = WARCWriter(self._file, gzip=True, warc_version=_VERSION)
        self._write_info(place.about)

    def add(self, case: Told) -> None:
        """Write the article's pages, oldest first; and which are not kept any more."""
        self._lost.add(case)
        kept = False
        for page in self._pages(case["id"]):
            self._write(page)
            kept = True
        if not kept:
            self._missing += 1
            self._first_missing = self._first_missing or case["id"]

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Push the last bytes out; whose pages are not kept any more."""
        super().finish(tally)
        lost = self._lost.finish()
        if not self._missing:
            return lost
        pages = "1 article" if self._missing == 1 else f"{self._missing} articles"
        return [
            f"{FILE}: the store keeps no page of {pages} any more, first of article {self._first_missing}",
            *lost,
        ]

    def __exit__(self, *raised: object) -> None:
        self._lost.close()
        super().__exit__(*raised)

    def _write_info(self, about: About) -> None:
        told = {
            "software": f"diembao/{about.versions.get('diembao', '')}",
            "format": f"WARC File Format {_VERSION}",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        }
        payload = "".join(f"{name}: {value}\r\n" for name, value in told.items()).encode()
        headers = _record_headers(_identifier(FILE, about.as_of, payload), about.as_of)
        record = self._writer.create_warc_record(
            "", "warcinfo", payload=io.BytesIO(payload), length=len(payload), warc_headers_dict=headers
        )
        record.rec_headers.replace_header("WARC-Filename", FILE)
        self._writer.write_record(record)

    def _write(self, page: Page) -> None:
        headers = _record_headers(_identifier(page.url, page.fetched_at, page.body), page.fetched_at)
        http = StatusAndHeaders(status_line(page.status), list(http_headers(page)), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            _one_line(page.url),
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=http,
            warc_headers_dict=headers,
        )
        self._writer.write_record(record)


def _identifier(url: str, at: datetime, body: bytes) -> str:
    """The same for the same page, so that it is the same record in every export."""
    content = hashlib.sha256(body).hexdigest()
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{url} {_moment(at)} {content}')}>"


def _record_headers(identifier: str, at: datetime) -> dict[str, str]:
    return {"WARC-Record-ID": identifier, "WARC-Date": _moment(at)}


def _moment(at: datetime) -> str:
    """In UTC, to the microsecond, as WARC 1.1 has it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def status_line(status: int) -> str:
    """`404 Not Found`; the number alone where it has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def http_headers(page: Page) -> Iterator[tuple[str, str]]:
    """The headers as stored, but that none is untrue of the payload as stored."""
    for name, value in page.headers:
        if not name.strip():
            continue
        token = quote(_one_line(name), safe=_TOKEN)
        yield (f"X-Archive-Orig-{token}" if token.lower() in _UNTRUE else token), _one_line(value)
    yield "Content-Length", str(len(page.body))


def _one_line(text: str) -> str:
    """What a header can hold: no line end, no control character."""
    return "".join(character if character.isprintable() else " " for character in text).strip()
