"""Exports under one name: each knows what the last one told, and writes what changed since."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import msgspec

from crawler.export.changes import Change, differing, digest, withdrawn
from crawler.export.formats.spreadsheet import fitting, guarded
from crawler.export.manifest import Manifest
from crawler.export.order import ExportOrder, Series
from crawler.export.verifying import unknown_beside
from crawler.times import exact
from storage.exports import Exporting
from storage.records import Case, Exported
from storage.store import Store

_CHUNK = 200  # cases in memory at a time
_COLUMNS = ("change", "id", "key", "source", "title", "url", "what", "reasons", "now")


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the exports under a name."""

    last: Exported | None  # None: none was made
    lost: tuple[Exported, ...] = ()  # later ones of which nobody knows whether anybody has them


def settled(store: Store, series: Series) -> Before:
    """What was exported before, once it is settled whether the folder of one that was broken off appeared."""
    pending = store.exports.pending(series.name)
    if pending is not None:
        if is_there(Path(pending.folder), pending.manifest):
            store.exports.finish(pending.id)
        else:
            store.exports.give_up(pending.id, known=False)
    last = store.exports.last(series.name)
    return Before(last, store.exports.lost(series.name, last.id if last else None))


def is_there(folder: Path, manifest: str) -> bool:
    """Whether that very export is there; `manifest` is the SHA-256 of its manifest.json."""
    try:
        text = (folder / "manifest.json").read_bytes()
    except OSError:
        return False
    return hashlib.sha256(text).hexdigest() == manifest


def strangers(store: Store, out: Path, manifest: Manifest) -> list[Path]:
    """Later exports under the name of this one that stand beside it, and that the store knows nothing of."""
    series = manifest.series
    if series is None or series["since"] is None:
        return []
    since, name = datetime.fromisoformat(series["since"]), series["name"]
    known = store.exports.manifests(name) | set(series["maybe_told"])  # of those the remarks speak
    return unknown_beside(out, name, since, known)


class Following:
    """One export of a series, while its cases pass by."""

    def __init__(self, seen: Store, order: ExportOrder, folder: Path) -> None:
        """`seen` is held as of the moment that is exported; the folder gets changes.jsonl and changes.csv."""
        assert order.series is not None
        self._seen = seen
        self._order = order
        self._series = order.series
        self._last = seen.exports.last(order.series.name)
        self._changes = ChangeFiles(folder, excel=order.options.excel)
        self._withdrawn: Counter[int] = Counter()
        seen.exports.begin_passing()

    @property
    def last(self) -> Exported | None:
        """The export that this one is compared with."""
        return self._last

    @property
    def anew(self) -> bool:
        """Whether the last export asked otherwise."""
        return self._last is not None and self._last.asked != canonical(self._order.asked())

    def takes(self, case: Case, told: Mapping[str, Any]) -> bool:
        """Note a case that is asked for; whether it is written."""
        now = digest(told)
        before = self._seen.exports.digest(self._last.series, case.id) if self._last else None
        self._seen.exports.passed(case.id, None if now == before else now)
        if before is None:
            self._changes.add(Change("added", case, case.id))
        elif now != before:
            self._changes.add(Change("changed", case, case.id, differing(before, now)))
        return now != before or not self._series.since_last

    def finish(self) -> None:
        """Tell what is not asked for any more, and make the files whole."""
        numbers = self._missing()
        while some := list(islice(numbers, _CHUNK)):
            cases = {case.id: case for case in self._seen.cases.some(some)}
            for number in some:
                self._changes.add(withdrawn(number, cases.get(number), self._order, anew=self.anew))
        self._changes.close()

    def told(self, lost: Iterable[Exported]) -> dict[str, Any]:
        """As the manifest shows it."""
        return {
            "name": self._series.name,
            "only_changes": self._series.since_last and self._last is not None,
            **{kind: self._changes.counts[kind] for kind in ("added", "changed", "withdrawn")},
            "since": exact(self._last.as_of) if self._last else None,
            "asked_otherwise": self.anew,
            "asked_before": json.loads(self._last.asked) if self._last and self.anew else None,
            "maybe_told": [one.manifest for one in lost],
        }

    def begin(self, store: Store, whole: Whole, now: datetime) -> int:
        """Remember it, its folder being about to appear; the number to finish."""
        exporting = Exporting(
            name=self._series.name,
            as_of=whole.as_of,
            asked=canonical(self._order.asked()),
            folder=str(self._order.out.absolute()),
            manifest=whole.hash,
            after=self._last.id if self._last else None,
        )
        return store.exports.begin(exporting, self._rows(), now)

    def end(self, store: Store, number: int) -> None:
        """Its folder is there."""
        store.exports.finish(number)
        replaced = self._rows() if self._last else iter(())
        store.exports.tidy(number, (row[0] for row in replaced))

    def _rows(self) -> Iterator[tuple[int, bytes | None]]:
        return chain(self._seen.exports.passing(), ((number, None) for number in self._missing()))

    def _missing(self) -> Iterator[int]:
        return self._seen.exports.missing(self._last.series) if self._last else iter(())


@dataclass(frozen=True, slots=True)
class Whole:
    """A folder that is whole."""

    as_of: datetime
    manifest: bytes  # manifest.json

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest, hexadecimal."""
        return hashlib.sha256(self.manifest).hexdigest()


class ChangeFiles:
    """changes.jsonl and changes.csv, and how many changes of each kind stand in them."""

    def __init__(self, folder: Path, *, excel: bool) -> None:
        """`excel`: changes.csv as Excel can open it by a double click."""
        self.counts: Counter[str] = Counter()
        self._excel = excel
        self._encode = msgspec.json.Encoder().encode
        self._lines: IO[bytes] = (folder / "changes.jsonl").open("wb")
        self._table: IO[str] = (folder / "changes.csv").open(
            "w", encoding="utf-8-sig" if excel else "utf-8", newline=""
        )
        self._rows = csv.writer(self._table)
        self._rows.writerow(_COLUMNS)

    def add(self, change: Change) -> None:
        """One line in each."""
        self.counts[change.kind] += 1
        told = change.told()
        self._lines.write(self._encode(told) + b"\n")
        now = canonical(told["now"]) if told["now"] else ""
        cells = {**told, "what": "; ".join(change.what), "reasons": "; ".join(change.reasons), "now": now}
        self._rows.writerow([self._cell(cells[column]) for column in _COLUMNS])

    def _cell(self, value: Any) -> Any:
        return fitting(guarded(value)) if self._excel and isinstance(value, str) else value

    def close(self) -> None:
        """Both are whole."""
        self._lines.close()
        self._table.close()


def canonical(told: Mapping[str, Any]) -> str:
    """JSON that is the same for the same values."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
