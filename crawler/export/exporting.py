"""One pass over the cases that feeds every format at once, then the descriptions, then the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from crawler.casejson import case_json
from crawler.export.folder import appearing, files_below
from crawler.export.formats import DESCRIPTIONS, FORMATS, About, ExportedFile, Finished, Place
from crawler.export.manifest import Manifest, manifest, versions
from crawler.export.order import ExportOrder
from crawler.export.tally import Tally
from storage.store import Store


def export(
    store: Store, order: ExportOrder, now: datetime, each: Callable[[], None] = lambda: None
) -> Manifest:
    """Write the ordered cases into the folder `order.out`, which is there whole afterwards or not at all.

    All files show one state of the store, oldest article first. `each` is called once a case, for a
    progress bar. ExportError where the folder exists or cannot be written.
    """
    about = About(store.last_written() or now, order.chosen.told(), versions(), order.watched)
    with appearing(order.out) as folder:
        tally = Tally()
        remarks = _write(store, order, Place(folder, about, store.pages.of, order.options), tally, each)
        files = _describe(order, Finished(folder, about, tally, _hashed(folder)))
        made = manifest(order, tally, files, remarks, now)
        (folder / "manifest.json").write_text(made.text(), encoding="utf-8")
    return made


def _write(
    store: Store, order: ExportOrder, place: Place, tally: Tally, each: Callable[[], None]
) -> list[str]:
    """The files of all formats; what their writers remarked."""
    with ExitStack() as open_files:
        chosen = [FORMATS[name] for name in order.formats if name in FORMATS]
        writers = [open_files.enter_context(one.make(place)) for one in chosen]
        for case in store.cases.find(order.chosen.query()):
            told = case_json(case, named=order.named)
            tally.add(told)
            for writer in writers:
                writer.add(told)
            each()
        return [remark for writer in writers for remark in writer.finish(tally)]


def _describe(order: ExportOrder, finished: Finished) -> Sequence[ExportedFile]:
    """All files, those of descriptions among them."""
    chosen = [DESCRIPTIONS[name] for name in order.formats if name in DESCRIPTIONS]
    for description in chosen:
        description.describe(finished)
    return _hashed(finished.folder) if chosen else finished.files


def _hashed(folder: Path) -> tuple[ExportedFile, ...]:
    return tuple(_hash(folder, path) for path in files_below(folder))


def _hash(folder: Path, path: Path) -> ExportedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportedFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest)
