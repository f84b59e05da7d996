"""A format written without a store: cases, what the files say of themselves, pages, all made up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawler.casejson import case_json
from crawler.export.formats import (
    DESCRIPTIONS,
    FORMATS,
    About,
    ExportedFile,
    Finished,
    Options,
    Place,
    Told,
    Watched,
    WatchedRule,
    WatchedSource,
    Writer,
)
from crawler.export.formats.seam import no_pages
from crawler.export.tally import Tally
from storage.records import Citation, Cited, Dating, Figure, LostPage, Mention, Page, Raise
from tests.making import NOON, case, flag, verdict

ABOUT = About(
    as_of=NOON,
    query={"flagged": True, "rule": None},
    versions={"diembao": "0.1.0", "tables": "m001"},
    watched=Watched(
        {"baohatinh": WatchedSource("https://baohatinh.example.vn/", "ha-tinh")},
        {"dinh_cong": WatchedRule("Đình công", "v1")},
    ),
)
# All that foreign text may bring along, in NFC.
HOSTILE = (
    '=1+1 <b>&amp; ]]> \u0001\u0008\u000b\u001f \ufffe \u202eđảo\u202c \U0001f3ed “ngoặc” "hai"\r\ndòng hai'
    "\rdòng ba\u2028\u0085 cuối\ttab _x000D_ ‘’"
)
_PLACE = Mention("body", 0, 4, "known")
_CITATION = Citation(
    key="KL-44-TW@2019-01-22",
    kind="KL",
    number=44,
    year=None,
    organ="TW",
    province=None,
    dated="2019-01-22",
    term=None,
    issuer=None,
    how="known",
    confidence=0.9,
    mentions=(_PLACE,),
)
_FIGURE = Figure("body", 12, 29, 300.0, None, None, "công nhân", "hơn")
_MAYBE = (
    "lead", "section", "published_at", "published_precision", "published_from", "updated_at", "changed_at",
    "gone_at", "verdict", "raised",
)  # fmt: skip
_LISTS = ("authors", "tags", "images", "flags", "documents", "figures", "story")
BIG = "Đoạn văn dài, rất dài. " * 450_000  # over 10 MB


def told(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A whole case as the contract tells it, with everything that may be there; `changes` by key."""
    whole = replace(
        case(number, flags=[flag(), flag("luong")], verdict=verdict(number)),
        cited=Cited("1", (_CITATION,), (_FIGURE,)),
        changed_at=NOON,
        gone_at=NOON,
        raised=Raise(1, number, "luong", "xem lại", NOON, None),
        story=(7, 8),
    )
    dated = replace(whole.article, updated=Dating(NOON, "minute", "meta"))
    return {**case_json(replace(whole, article=dated), named=True), **changes}


def bare(number: int = 2) -> dict[str, Any]:
    """A case with nothing in it that may be missing."""
    return told(number, **dict.fromkeys(_MAYBE), **{key: [] for key in _LISTS})


def hostile(number: int = 3) -> dict[str, Any]:
    """A case all of whose texts are `HOSTILE`."""
    texts = dict.fromkeys(("title", "lead", "section"), HOSTILE)
    images = [{"url": "https://x.vn/a.jpg", "caption": HOSTILE}]
    body = f"{HOSTILE}\n\n{HOSTILE}"
    return told(number, **texts, body=body, authors=[HOSTILE], tags=[HOSTILE], images=images)


@dataclass(frozen=True, slots=True)
class Given:
    """What a format is given beside the cases."""

    options: Options = field(default_factory=Options)
    pages: Callable[[int], Iterable[Page]] = no_pages
    lost: Callable[[int], Iterable[LostPage]] = no_pages
    about: About = ABOUT


def written(
    name: str,
    cases: Iterable[Told],
    folder: Path,
    given: Given = Given(),
    make: Callable[[Place], Writer] | None = None,
) -> list[str]:
    """Write the cases into `folder`, which is made; what the writer remarked."""
    folder.mkdir(exist_ok=True)
    tally = Tally()
    place = Place(folder, given.about, given.pages, given.lost, given.options)
    with (make or FORMATS[name].make)(place) as writer:
        for one in cases:
            tally.add(one)
            writer.add(one)
        return list(writer.finish(tally))


def bytes_below(folder: Path) -> Mapping[str, bytes]:
    """Every file's content, by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def described(names: Iterable[str], cases: Iterable[Told], folder: Path, given: Given) -> Finished:
    """The cases in several formats in one folder, and both descriptions of them."""
    cases = list(cases)
    tally = Tally()
    for one in cases:
        tally.add(one)
    for name in names:
        written(name, cases, folder, given)
    files = [
        ExportedFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in sorted(bytes_below(folder).items())
    ]
    finished = Finished(folder, given.about, tally, files)
    for description in DESCRIPTIONS.values():
        description.describe(finished)
    return finished
