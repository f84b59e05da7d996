"""A search that a page asks: read with the lists of config.toml, held to a time, its matches lit up."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request

from crawler.config import Config
from crawler.errors import RuleError
from crawler.review import wording
from crawler.review.searched import Search, unpacked
from crawler.review.wording import Refused, Trouble
from crawler.searching import Asked, Patience, ask, proof_of
from storage.records import Article, Flag
from storage.seeking import Limits, Tired

# Seconds that a page waits: for a count, for the index, in all; and those of a person who wants to wait.
SHORT = (0.05, 0.18, 0.25)
LONG = (0.5, 4.0, 5.0)


@dataclass(frozen=True, slots=True)
class Known:
    """What config.toml says that a search can name."""

    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)  # phrases, by name
    rules: Mapping[str, str] = field(default_factory=dict)  # labels, by name
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Config) -> Known:
        """What this configuration says."""
        return cls(config.lists, {rule.name: rule.label for rule in config.rules}, tuple(config.sources))


NOTHING_KNOWN = Known()


def asked_of(request: Request, wanted: Search) -> Asked:
    """The query read; RuleError where it cannot be."""
    known: Known = request.app.state.known
    return ask(wanted.q, known.lists)


def readable(request: Request, wanted: Search) -> Asked:
    """The same of a query that was read before; Refused (400) where it cannot be read now."""
    try:
        return asked_of(request, wanted)
    except RuleError as error:
        raise Refused(Trouble.BAD_ADDRESS, wording.ODD_SEARCH) from error


def lit(request: Request, packed: str, article: Article) -> tuple[Flag, ...]:
    """Where the words of a search stand in an article, as flags of a rule of their own."""
    return labelled(proof_of(readable(request, unpacked(packed)), article))


def labelled(proof: Sequence[Flag]) -> tuple[Flag, ...]:
    """The proof of a search under the name that a page shows it by."""
    return tuple(replace(one, label=wording.SOUGHT) for one in proof)


def patience(counting: float, index: float, whole: float) -> Patience:
    """So many seconds from now."""
    return Patience(Limits(_until(counting), _until(index)), _until(whole))


def _until(seconds: float) -> Tired:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
