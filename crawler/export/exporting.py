"""One pass over the cases that feeds every format at once, then the descriptions, then the manifest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.export import manifest
from crawler.export.choosing import chosen
from crawler.export.folder import appearing, files_below
from crawler.export.following import Before, Following, Whole, is_there, settled
from crawler.export.formats import DESCRIPTIONS, FORMATS, About, ExportedFile, Finished, Place, Writer
from crawler.export.order import ExportOrder
from crawler.export.tally import Tally, in_all
from crawler.times import shown
from storage.records import Exported
from storage.store import Store

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # as of when an empty store is told


def export(
    store: Store, order: ExportOrder, now: datetime, each: Callable[[], None] = lambda: None
) -> manifest.Manifest:
    """Write the ordered cases into the folder `order.out`, which is there whole afterwards or not at all.

    All files show one state of the store, oldest article first. `each` is called once a case, for a
    progress bar. ExportError where the folder exists or cannot be written; ExportedMeanwhile where another
    export under the same name was quicker.
    """
    before = settled(store, order.series) if order.series else Before(None)
    with _held(store, order) as seen:
        one = _Export(seen, order, before)
        with one.remembered(store) as remember, appearing(order.out) as folder:
            made = one.write(folder, each)
            text = made.text().encode()
            (folder / manifest.NAME).write_bytes(text)
            remember(Whole(made.as_of or _NEVER, text), now)
    return made


def _held(store: Store, order: ExportOrder) -> AbstractContextManager[Store]:
    return store.then(order.as_of) if order.as_of else store.snapshot()


class _Export:
    """One export, of a store that is held as of one moment."""

    def __init__(self, seen: Store, order: ExportOrder, before: Before) -> None:
        self._seen = seen
        self._order = order
        self._before = before
        self._as_of = order.as_of or seen.last_written()
        self._tally = Tally()
        self._found: Counter[bool] = Counter()  # exact or not → articles that words find
        self._following: Following | None = None

    def write(self, folder: Path, each: Callable[[], None]) -> manifest.Manifest:
        """All files but the manifest, which is answered."""
        order = self._order
        if order.series:
            self._following = Following(self._seen, order, folder)
        about = About(self._as_of or _NEVER, order.told(), manifest.versions(), order.watched)
        place = Place(folder, about, self._seen.pages.of, self._seen.pages.lost, order.options)
        remarks = self._write_cases(place, each)
        if self._following:
            self._following.finish()
        files = _described(order, Finished(folder, about, self._tally, _hashed(folder)))
        return self._manifest(files, [*self._remarks(), *remarks])

    @contextmanager
    def remembered(self, store: Store) -> Iterator[Callable[[Whole, datetime], None]]:
        """What to call when all is written, and once the folder has appeared it is the last of its name.

        Broken off in between, the folder itself says whether it did.
        """
        begun: list[tuple[int, str]] = []

        def remember(whole: Whole, now: datetime) -> None:
            if self._following:
                begun.append((self._following.begin(store, whole, now), whole.hash))

        try:
            yield remember
        finally:
            for number, hash_ in begun:
                self._settle(store, number, hash_)

    def _settle(self, store: Store, number: int, hash_: str) -> None:
        if self._following and is_there(self._order.out, hash_):
            self._following.end(store, number)
        else:
            store.exports.give_up(number, known=True)

    def _write_cases(self, place: Place, each: Callable[[], None]) -> list[str]:
        """The files of all formats; what their writers remarked."""
        with ExitStack() as open_files:
            formats = [FORMATS[name] for name in self._order.formats if name in FORMATS]
            writers = [open_files.enter_context(one.make(place)) for one in formats]
            self._pass(writers, each)
            return [remark for writer in writers for remark in writer.finish(self._tally)]

    def _pass(self, writers: Sequence[Writer], each: Callable[[], None]) -> None:
        for case, told in chosen(self._seen, self._order):
            self._tally.match(case.article.source)
            if "exact" in told:
                self._found[told["exact"]] += 1
            if self._following is None or self._following.takes(case, told):
                self._tally.add(told)
                for writer in writers:
                    writer.add(told)
            each()

    def _manifest(self, files: Sequence[ExportedFile], remarks: Sequence[str]) -> manifest.Manifest:
        order, following = self._order, self._following
        shares = self._tally.shares(self._seen.cases.stored())
        exact, loose = self._found[True], self._found[False]
        last = following.last if following else None
        return manifest.Manifest(
            as_of=self._as_of,
            query=order.told(),
            versions=manifest.versions(),
            config=order.config,
            rules_in_force={name: rule.version for name, rule in sorted(order.watched.rules.items())},
            counts=in_all(shares),
            sources=shares,
            rules=self._tally.rules(),
            files=tuple(files),
            remarks=tuple(remarks),
            found={"exact": exact, "without_marks": loose} if order.searched else None,
            recorded_since=self._seen.recorded_since(),
            previous=last.manifest if last else None,
            series=following.told(self._before.lost) if following else None,
        )

    def _remarks(self) -> Iterator[str]:
        since = self._seen.recorded_since()
        if self._order.as_of and since and self._order.as_of < since:
            yield (
                f"the past is recorded since {shown(since)} only: flags, sections and dates that were"
                " replaced before that are missing, or as they were then"
            )
        if self._following and self._following.last:
            yield from _remarks_on(self._following.last, self._as_of, anew=self._following.anew)
        if later := [one for one in self._before.lost if one.later]:
            yield _restored(later[-1], self._following.last if self._following else None)
        if any(not one.later for one in self._before.lost):
            yield (
                "the last export under this name was broken off, and its folder is not where it was to be;"
                " what it was to tell is told here, perhaps again"
            )


def _restored(newest: Exported, last: Exported | None) -> str:
    goes_on = f"this one follows that of {shown(last.as_of)}" if last else "this one follows none and is full"
    return (
        f"the store was restored from a backup older than the last export as {newest.name!r}, which showed"
        f" {shown(newest.as_of)}; {goes_on}: go on from there, since what was told after that may be told"
        " again, otherwise, or not at all"
    )


def _remarks_on(last: Exported, as_of: datetime | None, *, anew: bool) -> Iterator[str]:
    if anew:
        yield f"the last export as {last.name!r} asked otherwise; what is not asked for now is withdrawn"
    if as_of and as_of < last.as_of:
        yield f"the last export as {last.name!r} showed a later moment, {shown(last.as_of)}"


def _described(order: ExportOrder, finished: Finished) -> Sequence[ExportedFile]:
    """All files, those of descriptions among them."""
    descriptions = [DESCRIPTIONS[name] for name in order.formats if name in DESCRIPTIONS]
    for description in descriptions:
        description.describe(finished)
    return _hashed(finished.folder) if descriptions else finished.files


def _hashed(folder: Path) -> tuple[ExportedFile, ...]:
    return tuple(_hash(folder, path) for path in files_below(folder))


def _hash(folder: Path, path: Path) -> ExportedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportedFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest)
