"""The shape of a paper's article addresses, learned from what it shows: links to a regular expression. Pure.

Headlines are long and their addresses many and alike; menus have short texts. What is learned is read by a
person, too, and bears no group: two addresses are one article only where somebody wrote so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_HEADLINE = 6  # words; sections seldom have so many
_LEAST = 5  # links of one shape that a listing must show
_LEAST_KEPT = 3  # articles of one shape that the ledger must hold
_CLEAN = 0.85  # of the links with a text that match, headlines
_MOST_HYPHENS = 7
_MOST = 3  # shapes, or folders of a shape, that are tried
_ID = re.compile(r"-(?P<letters>[a-z]{0,6})\d{3,}$", re.IGNORECASE)
_DAY = re.compile(r"^20\d\d$")
_ENDING = re.compile(r"(?<=.)\.([a-z]{2,5}\d?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as far as learning is concerned; its address absolute and canonical, of the paper itself."""

    url: str
    words: int  # of its text; 0: none, as of a picture
    is_article: bool = False  # whoever shows it says so: a feed, or the ledger

    @property
    def is_headline(self) -> bool:
        """Whether it is offered as an article."""
        return self.is_article or self.words >= _HEADLINE


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken to pieces."""

    url: str
    names: tuple[str, ...]  # of the path, the last without its ending
    ending: str  # "html"; "": none
    query: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> Hashable:
        """What addresses that one pattern can match have in common."""
        kinds = tuple(_kind(name) for name in self.names)
        return kinds, self.ending.lower(), tuple(sorted({key for key, _ in self.query}))


def learned(shown: Sequence[Shown], matches: Iterable[re.Pattern[str]]) -> tuple[str, ...]:
    """Regular expressions of article paths, where `matches` find fewer than half of what looks like articles.

    Each is searched in the path and query of an address, and was tried on `shown`: hardly anything that it
    matches has the short text of a menu. Empty where nothing is clear.
    """
    known = tuple(matches)
    heads = {one.url: one for one in shown if one.is_headline}
    missed = [one for one in heads.values() if not any(_found(pattern, one.url) for pattern in known)]
    if len(missed) * 2 <= len(heads):
        return ()
    least = _LEAST_KEPT if all(one.is_article for one in shown) else _LEAST
    groups = _groups([_address(one.url) for one in missed], lambda one: one.shape, least)
    found = [pattern for group in groups[:_MOST] for pattern in _patterns(group, shown, least)]
    return tuple(dict.fromkeys(found))


def _groups(
    addresses: Sequence[_Address], by: Callable[[_Address], Hashable], least: int
) -> list[list[_Address]]:
    """Those that are alike, the largest group first; small ones teach nothing."""
    groups: dict[Hashable, list[_Address]] = defaultdict(list)
    for address in addresses:
        groups[by(address)].append(address)
    return sorted((one for one in groups.values() if len(one) >= least), key=len, reverse=True)


def _patterns(group: Sequence[_Address], shown: Sequence[Shown], least: int) -> Iterator[str]:
    """One for all of a shape; where that would match menus, too, one for each folder that is clear."""
    if (whole := _pattern(group, shown)) is not None:
        yield whole
        return
    for folder in _groups(group, lambda one: one.names[:1] if len(one.names) > 1 else (), least)[:_MOST]:
        if len(folder) < len(group) and (part := _pattern(folder, shown)) is not None:
            yield part


def _pattern(group: Sequence[_Address], shown: Sequence[Shown]) -> str | None:
    """The widest pattern of a group's shape that matches hardly anything but headlines."""
    return next((one for one in _candidates(group) if _is_clean(re.compile(one), shown)), None)


def _candidates(group: Sequence[_Address]) -> Iterator[str]:
    """From the widest to the narrowest: names with more and more hyphens, which sections have not."""
    names = list(zip(*(one.names for one in group), strict=True))
    ending = rf"\.{re.escape(group[0].ending)}" if group[0].ending else ""
    query = _query(group)
    if query is None or (not names and not query):
        return
    fewest = min((one.names[-1].count("-") for one in group), default=0) if names else 0
    told = bool(query) or any(_tells(column) for column in names)
    for hyphens in range(0 if told else 2, _MOST_HYPHENS + 1):
        if hyphens > max(fewest, 2) and told:
            return
        parts = [_name(column) for column in names[:-1]]
        parts += [_last(names[-1], hyphens)] if names else []
        slash = "" if ending or query or not parts else "/?"
        yield "^/" + "/".join(parts) + ending + (query or f"{slash}$")


def _tells(column: Sequence[str]) -> bool:
    """Whether a place of the path bears numbers, which menus have not."""
    return all(_kind(name) in {"n", "i", "x"} for name in column)


def _name(column: Sequence[str]) -> str:
    if len(set(column)) == 1:
        return re.escape(column[0]).replace(r"\-", "-")
    if all(_DAY.match(name) for name in column):
        return r"20\d\d"
    return r"\d+" if all(map(str.isdecimal, column)) else "[^/]+"


def _last(column: Sequence[str], hyphens: int) -> str:
    """The name of the page: its number where it has one, else so many hyphens at least."""
    if len(set(column)) == 1 or all(map(str.isdecimal, column)):
        return _name(column)
    numbered = [match for name in column if (match := _ID.search(name))]
    if len(numbered) == len(column):
        letters = {match["letters"].lower() for match in numbered}
        return rf"[^/]+-{letters.pop() if len(letters) == 1 else '[a-z]*'}\d+"
    # A word before each hyphen holds none, or a hostile address takes exponential time.
    return f"(?:[^/-]*-){{{hyphens}}}[^/]+" if hyphens else "[^/]+"


def _query(group: Sequence[_Address]) -> str | None:
    """The key of the query that tells articles apart; "" where there is no query, None where none does."""
    if not group[0].query:
        return ""
    for key in dict(group[0].query):
        values = [dict(one.query)[key] for one in group]
        if len(set(values)) == len(group):
            value = r"\d+" if all(map(str.isdecimal, values)) else "[^&]+"
            return rf"\?(?:.*&)?{re.escape(key)}={value}"
    return None


def _is_clean(pattern: re.Pattern[str], shown: Sequence[Shown]) -> bool:
    """Whether what matches is offered as articles, as far as it bears a text."""
    texts: dict[str, bool] = {}
    for one in shown:
        if (one.words or one.is_article) and _found(pattern, one.url):
            texts[one.url] = texts.get(one.url, False) or one.is_headline
    return bool(texts) and sum(texts.values()) >= _CLEAN * len(texts)


def _found(pattern: re.Pattern[str], url: str) -> bool:
    parts = urlsplit(url)
    whole = f"{parts.path}?{parts.query}"
    return bool(pattern.search(parts.path) or (parts.query and pattern.search(whole)))


def _address(url: str) -> _Address:
    parts = urlsplit(url)
    path = parts.path.strip("/")
    match = _ENDING.search(path)
    bare = path[: match.start()] if match else path
    names = tuple(bare.split("/")) if bare else ()
    return _Address(url, names, match[1] if match else "", tuple(parse_qsl(parts.query)))


def _kind(name: str) -> str:
    """n: a number; i: a name with a number at its end; x: letters and digits mixed; w: words."""
    if name.isdecimal():
        return "n"
    if _ID.search(name):
        return "i"
    return "x" if re.fullmatch(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{6,}", name) else "w"
