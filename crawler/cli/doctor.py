"""`diembao doctor`: how a page is read and why so, or why a source is ill."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from crawler.cli.commanding import Command
from crawler.cli.doctorsource import doctor_source
from crawler.cli.explaining import Diagnosis, Timing, explained_text
from crawler.cli.onepage import Asked, Got, got, is_address
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.reading import reading_json
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.reading import Explained

Patient = Literal["page", "source"]

_UNHEALTHY = 4  # exit code
_NEEDED = ("title", "body", "published")  # fields whose selectors must find something


@click.command("doctor", cls=Command, data=True)
@click.argument("target", metavar="SOURCE|URL|FILE", help="A source's name, or a page of any paper.")
@click.option("--url", metavar="URL", help="The address that FILE was saved from.")
@click.option(
    "--source", "name", metavar="SOURCE", help="Read the page as this source's; else the source of its host."
)
@pass_wanted
def doctor(wanted: Wanted, target: str, url: str | None, name: str | None) -> int:
    """Tell why a source is ill, or how a page is read.

    Of a page it tells which layer gave each field and what the other layers had to offer, what was cut from
    the body and why, which dates were not believed, and the time it took. A URL is fetched politely, once;
    nothing is stored. Exits with 4 where something is wrong: no article, or selectors that find nothing.

    Of a source every way is asked and a few articles are read, with the politeness of every crawl; nothing is
    stored. Exits with 4 if it is ill.
    """
    config = wanted.load()
    if patient(target, config) == "source":
        if url or name:
            raise UsageError(f"{target} is a source; --url and --source are for a page")
        return doctor_source(wanted, target)
    return _doctor_page(wanted, got(config, Asked(target, url, name)))


def patient(target: str, config: Config) -> Patient:
    """What is asked about; a file of a source's name is meant by `./NAME`. UsageError for none of them."""
    if target in config.sources:
        return "source"
    if is_address(target) or Path(target).exists():
        return "page"
    if "/" in target or "." in target:
        raise UsageError(f"{target}: is no source, no address like https://…, and no file that is there")
    raise UsageError.unknown("source", target, config.sources)


def _doctor_page(wanted: Wanted, found: Got) -> int:
    from crawler.reading import explained

    told = explained(found.page, found.hints, found.page.fetched_at)
    diagnosis = Diagnosis(told, tuple(_ills(told)), _timed(found))
    if as_json(wanted):
        emit_one(wanted, _told(found, diagnosis))
    else:
        emit("\n".join(explained_text(found, diagnosis)))
    return _UNHEALTHY if diagnosis.ills else 0


def _ills(told: Explained) -> Iterator[str]:
    """What somebody should look at, one clause each."""
    if told.reading.refused:
        yield f"no article: {told.reading.refused}"
        return
    for part, selectors in told.unmatched.items():
        layer = told.reading.layers.get(part)
        if part in _NEEDED and layer != "selector":
            stead = f"; the {layer} layer read it" if layer else ""
            yield f"the selectors of {part} find nothing ({', '.join(selectors)}){stead}"
    if told.reading.layers.get("body") == "trafilatura":
        yield "no layer of ours finds the body; trafilatura's reading was used"


def _timed(found: Got) -> Timing:
    """Decoding and parsing, and the whole reading, once everything that is built once is built."""
    from crawler.reading import read
    from crawler.reading.decoding import decoded
    from crawler.reading.tree import parsed

    begun = time.perf_counter()
    parsed(decoded(found.page).text, found.page.url)
    opened = time.perf_counter()
    read(found.page, found.hints, found.page.fetched_at)
    return Timing(1000 * (opened - begun), 1000 * (time.perf_counter() - opened))


def _told(found: Got, diagnosis: Diagnosis) -> dict[str, Any]:
    """The reading as `read` gives it, and beside it how it came about."""
    told = diagnosis.explained
    reading, page = told.reading, found.page
    return {
        **reading_json(reading, page),
        "healthy": not diagnosis.ills,
        "complaints": list(diagnosis.ills),
        "status": page.status,
        "encoding": told.decoded.encoding,
        "declared_encoding": told.decoded.declared,
        "repaired": [
            *filter(None, [told.decoded.repaired]),
            *(f"letters of {font} fonts" for font in told.fonts),
        ],
        "families": dict(told.families),
        "offers": {part: [asdict(one) for one in offers] for part, offers in told.offers.items()},
        "cuts": [asdict(cut) for cut in told.cuts],
        "dateline": reading.dateline,
        "credit": reading.credit,
        "doubts": list(reading.doubts),
        "unmatched_selectors": {part: list(found) for part, found in told.unmatched.items()},
        "parse_ms": round(diagnosis.timing.parse, 2),
        "read_ms": round(diagnosis.timing.read, 2),
    }
