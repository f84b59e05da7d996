"""One pass over the cases that feeds every format at once, then the manifest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from crawler.casejson import case_json
from crawler.export.folder import appearing
from crawler.export.manifest import Manifest, manifest
from crawler.export.order import ExportOrder
from crawler.export.tally import Tally
from crawler.export.writers import WRITERS
from storage.store import Store


def export(
    store: Store, order: ExportOrder, now: datetime, each: Callable[[], None] = lambda: None
) -> Manifest:
    """Write the ordered cases into the folder `order.out`, which is there whole afterwards or not at all.

    All files show one state of the store, oldest article first. `each` is called once a case, for a
    progress bar. ExportError where the folder exists or cannot be written.
    """
    with appearing(order.out) as folder:
        tally = Tally()
        paths = _write(store, order, folder, tally, each)
        made = manifest(order, tally, paths, now)
        (folder / "manifest.json").write_text(made.text(), encoding="utf-8")
    return made


def _write(
    store: Store, order: ExportOrder, folder: Path, tally: Tally, each: Callable[[], None]
) -> list[Path]:
    chosen = [WRITERS[name] for name in order.formats]
    paths = [folder / file_name for file_name, _ in chosen]
    with ExitStack() as open_files:
        writers = [
            open_files.enter_context(make(path)) for path, (_, make) in zip(paths, chosen, strict=True)
        ]
        for case in store.cases.find(order.chosen.query()):
            told = case_json(case, named=order.named)
            tally.add(told)
            for writer in writers:
                writer.add(told)
            each()
        for writer in writers:
            writer.finish()
    return paths
