"""What lint says of a rule or a list: where, about which words, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal as OneOf

from storage.records import Level

Severity = OneOf["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that should be mended, or, as a hint, looked at."""

    severity: Severity
    where: str  # "rules.NAME" or "lists.NAME"
    words: str  # in the rule language, what it is about; "" for the whole
    trouble: str  # what is wrong with the words, and what to do; a clause that goes on after them
    level: Level | None = None  # of the rule's two queries, which

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "severity": self.severity,
            "where": self.where,
            "level": self.level,
            "words": self.words,
            "trouble": self.trouble,
        }

    def sentence(self) -> str:
        """On one line."""
        place = f"{self.where}.mention" if self.level == "mention" else self.where
        words = " ".join(self.words.split())
        about = f"{words if len(words) <= 160 else words[:159] + '…'} " if words else ""
        return f"{self.severity}: {place}: {about}{self.trouble}"
