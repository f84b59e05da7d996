"""Addresses that look like articles and have no end: bounded by count in one crawl. Touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

QUERIES = "endless-queries"
PATHS = "endless-paths"
_MOST_QUERIES = 5  # of one path
_MOST_BELOW = 5  # addresses below one page, /a.html/b: the server takes whatever follows a page's name
_MOST_PARENTS = 5  # of one headline: relative links that are followed ever deeper
_MOST_DEEP = 20  # addresses that lie deep below the same three names
_DEEP = 7  # names of a path; papers stay below, dates and sections included
_STEM = 3  # names
_PAGE = re.compile(r"\.(?:html?|aspx?|php|jsp)/", re.IGNORECASE)


@dataclass(slots=True)
class Endless:
    """What one crawl has met, for sources whose article addresses nobody wrote down."""

    keep_query: Iterable[str] = ()  # keys of the query that choose an article
    _met: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def trap(self, url: str) -> str | None:
        """`endless-queries` or `endless-paths` once a bounded number of such addresses was met; else None."""
        parts = urlsplit(url)
        keys = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
        if keys and not keys & set(self.keep_query):
            return QUERIES if self._exceeds(("queries", parts.path), parts.query, _MOST_QUERIES) else None
        return PATHS if self._is_endless(parts.path) else None

    def _is_endless(self, path: str) -> bool:
        names = [name for name in path.split("/") if name]
        parents, last = "/".join(names[:-1]), names[-1] if names else ""
        if (page := _PAGE.search(path)) and self._exceeds(("below", path[: page.end()]), path, _MOST_BELOW):
            return True
        if len(names) >= _DEEP and self._exceeds(("deep", "/".join(names[:_STEM])), path, _MOST_DEEP):
            return True
        return len(last) > 20 and self._exceeds(("parents", last), parents, _MOST_PARENTS)

    def _exceeds(self, trail: tuple[str, str], step: str, most: int) -> bool:
        """Whether `step` is one more than `most` of them; one that was met before may be met again."""
        met = self._met.setdefault(trail, set())
        if step in met:
            return False
        if len(met) >= most:
            return True
        met.add(step)
        return False
