"""What stored articles cite, read again where it never was or was read otherwise; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crawler.judging.citing import CITING, citing_version, renewed
from crawler.laboratory.judges import chunks
from storage.records import Case, Cited
from storage.store import Store

Provinces = Mapping[str, str | None]  # source → the province that its paper is of


def outdated(store: Store, provinces: Provinces) -> Sequence[int]:
    """The articles whose citations are not those of today's reading."""
    versions = {source: citing_version(province) for source, province in provinces.items()}
    return store.citations.outdated(versions, CITING)


def recite(store: Store, provinces: Provinces, each: Callable[[int], None] = lambda _: None) -> int:
    """Read what those articles cite; how many there were. Ended halfway, the next call does the rest."""
    numbers = outdated(store, provinces)
    for some in chunks(numbers):
        found = [(case, cited) for case in store.cases.some(some) if (cited := _renewed(case, provinces))]
        with store.write():
            for case, cited in found:
                current = store.cases.get(case.id)
                if current is not None and current.revision == case.revision:
                    store.citations.replace(case.id, cited)
        each(len(some))
    return len(numbers)


def _renewed(case: Case, provinces: Provinces) -> Cited | None:
    by = case.cited.by if case.cited else None
    return renewed(case.article, by, provinces.get(case.article.source))
