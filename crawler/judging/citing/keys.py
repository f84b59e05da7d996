"""Keys of documents: how they are written, and which documents a symbol, short form or key asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.judging.citing.kinds import BY_CODE
from crawler.judging.citing.mentions import mentions
from crawler.judging.citing.organs import code
from crawler.judging.citing.tails import Raw
from storage.folding import fold
from storage.records import Citation

_KEY = re.compile(
    r"(?P<kind>[^\W\d_]{1,4}|\?)-(?P<number>\d{1,5})(?:-(?P<year>(?:19|20)\d\d))?"
    r"(?:-(?P<organ>\?|[^\W_]{2,10}(?:-[^\W\d_]{2,10})*))?(?:@(?P<dated>\d{4}(?:-\d\d-\d\d)?|[XVI]{1,5}))?"
    r"(?:/(?P<province>[a-z-]{3,30}))?",
    re.IGNORECASE,
)
_CODES = {code.lower(): code for code in BY_CODE} | {"?": "?"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents are asked for; None asks for nothing."""

    kind: str
    number: int
    year: int | None = None
    organ: str | None = None  # "?": only where it is not known
    dated: str | None = None  # ISO date, year or term
    province: str | None = None

    def matches(self, citation: Citation) -> bool:
        """Whether everything asked for is known of the document, and is so."""
        asked = (self.year, self.organ, self.province)
        given = (citation.year or _year(citation.dated), citation.organ or "?", citation.province)
        return (
            citation.number == self.number
            and self.kind in (citation.kind, "?")
            and all(want in (None, have) for want, have in zip(asked, given, strict=True))
            and (self.dated is None or self._is_dated(citation))
        )

    def _is_dated(self, citation: Citation) -> bool:
        assert self.dated is not None
        if not self.dated[0].isdigit():
            return citation.term == self.dated
        return (citation.dated or str(citation.year or "")).startswith(self.dated)


def key_of(raw: Raw, province: str | None) -> str:
    """`KL-44-TW@2019-01-22`, `NĐ-40-2024-CP`, `KH-157-TU@2019-04-04/hung-yen`; `KL-44-?` if not told."""
    parts = [raw.kind, str(raw.number), *([str(raw.year)] if raw.year else []), raw.organ or "?"]
    when = None if raw.year else raw.dated or raw.term
    if raw.organ is None and not raw.dated:
        when = None
    return "-".join(parts) + (f"@{when}" if when else "") + (f"/{province}" if province else "")


def read_wanted(written: str) -> Wanted | None:
    """What a key ("KL-44-TW@2019-01-22"), a symbol ("44-KL/TW") or a short form ("Kết luận 44") asks for.

    None where it is neither.
    """
    written = " ".join(written.split())
    key = _KEY.fullmatch(fold(written).text)
    if key and key["kind"] in _CODES:
        year = int(key["year"]) if key["year"] else None
        kind = _CODES[key["kind"]]
        organ = "-".join(map(code, key["organ"].split("-"))) if key["organ"] else None
        dated = key["dated"].upper() if key["dated"] else None
        return Wanted(kind, int(key["number"]), year, organ, dated, key["province"])
    return _read_citation(written)


def _read_citation(written: str) -> Wanted | None:
    title = written[:1].upper() + written[1:]
    folded = fold(title)
    raw = next(mentions(folded.text, title), None)
    if raw is None or (raw.start, raw.end) != (0, len(folded.text)):
        return None
    return Wanted(raw.kind, raw.number, raw.year, raw.organ, raw.dated or raw.term, raw.province)


def _year(dated: str | None) -> int | None:
    return int(dated[:4]) if dated else None
