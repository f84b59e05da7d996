"""The person of a soak: looks at the page of the running daemon and decides there, by forms as a browser."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from storage.cases import CaseQuery
from storage.records import Decision
from storage.store import Store

_LOOKS = ("/", "/overview", "/decisions", "/search?q=an+ninh", "/missed", "/healthz")
_DECISIONS: tuple[Decision, ...] = ("keep", "drop", "later")


class PageFailed(Exception):
    """The page does not answer as it must."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on one article, as the page accepted it."""

    key: str
    decision: Decision
    note: str


@dataclass
class Person:
    """One reviewer, and the memory of all that was decided."""

    store: Path
    decided: list[Decided] = field(default_factory=list)
    _chance: Random = field(default_factory=lambda: Random(3))

    def read(self, page: str) -> None:
        """Look at every list, and at one article."""
        for path in _LOOKS:
            asked(page, path)
        with Store.open(self.store) as store:
            newest = [case.id for case in store.cases.find(CaseQuery(flagged=True, limit=1))]
        for number in newest:
            asked(page, f"/cases/{number}")

    def decide(self, page: str, many: int) -> None:
        """Decide on the newest that wait."""
        with Store.open(self.store) as store:
            waiting = [*store.cases.find(CaseQuery(state="new", limit=many))]
        for case in waiting:
            decision = self._chance.choice(_DECISIONS)
            note = f"Đã xem, lần {len(self.decided) + 1}"
            form = {"decision": decision, "note": note, "seen": "0", "here": "case"}
            asked(page, f"/cases/{case.id}/verdict", form)
            self.decided.append(Decided(case.article.key, decision, note))


def asked(page: str, path: str, form: Mapping[str, str] | None = None) -> None:
    """GET, or POST a form; PageFailed unless it is answered well."""
    place = urlsplit(page)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    try:
        if form is None:
            connection.request("GET", path)
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": page}
            connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status not in {200, 303}:
        raise PageFailed(f"{path} answers {answer.status}")
