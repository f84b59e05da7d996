"""Everything that can go wrong and be told to a person in one line.

* DiembaoError — one line that says what is wrong and what to do; exit code 1
  + UsageError — the command asks for something that is not there; exit code 2
  + ConfigError — config.toml cannot be used; exit code 2
    - RuleError — a rule in it cannot be used
      · RuleFailsItsTest — it can, but judges a text of its own otherwise than it says
  + StoreError — the database cannot be opened or written (drawn in storage/errors.py)
  + AlreadyRunning — another daemon, or another crawl of that host, is at it
  + SpiderBroken — a file in spiders/ cannot be loaded
  + AddressRefused — an address we do not go to
  + ExportError — the corpus cannot be written there
  + ReportError — the press review cannot be written there
  + NotDelivered — a message to people did not arrive
  + PageUnavailable — the review page cannot be served
  + ServiceError — diembao cannot be made, or is not, a service of this machine
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from storage.errors import DiembaoError, StoreError

__all__ = [
    "AddressRefused",
    "AlreadyRunning",
    "ConfigError",
    "DiembaoError",
    "ExportError",
    "NotDelivered",
    "PageUnavailable",
    "ReportError",
    "RuleError",
    "RuleFailsItsTest",
    "ServiceError",
    "SpiderBroken",
    "StoreError",
    "UsageError",
]


class UsageError(DiembaoError):
    """The command asks for something that is not there."""

    exit_code = 2

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str]) -> UsageError:
        """`name` is no `kind` we know: the nearest one, and all of them."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        return cls(f"there is no {kind} {name!r}; {hint}known: {', '.join(names) or 'none'}")


class ConfigError(DiembaoError):
    """config.toml cannot be used."""

    exit_code = 2


class RuleError(ConfigError):
    """A rule cannot be used: which one, where in it, and what was expected."""

    def __init__(self, rule: str, trouble: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(f"rules.{rule}: line {line}, column {column}: {trouble}")
        self.rule = rule
        self.trouble = trouble
        self.line = line
        self.column = column


class RuleFailsItsTest(RuleError):
    """A rule judges one of its `expect` and `reject` texts otherwise than it says."""

    def __init__(self, rule: str, trouble: str) -> None:
        super().__init__(rule, trouble)
        self.args = (f"rules.{rule}: {trouble}; mend the rule or the text (`diembao rules test` shows all)",)


class AlreadyRunning(DiembaoError):
    """Another daemon, or another crawl of that host, is at it."""


class SpiderBroken(DiembaoError):
    """A file in spiders/ cannot be loaded."""

    def __init__(self, name: str, cause: BaseException) -> None:
        super().__init__(f"spiders/{name}.py cannot be loaded: {type(cause).__name__}: {cause}")
        self.name = name


class AddressRefused(DiembaoError):
    """An address we do not go to."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class ExportError(DiembaoError):
    """The corpus cannot be written there."""


class ReportError(DiembaoError):
    """The press review cannot be written there."""


class NotDelivered(DiembaoError):
    """A message to people did not arrive, for now or for good."""

    def __init__(
        self, trouble: str, *, for_good: bool = False, remaining: tuple[str, ...] | None = None
    ) -> None:
        """`remaining`: who still has to get it, where others have it."""
        super().__init__(trouble)
        self.for_good = for_good
        self.remaining = remaining


class PageUnavailable(DiembaoError):
    """The review page cannot be served."""


class ServiceError(DiembaoError):
    """diembao cannot be made, or is not, a service of this machine."""
