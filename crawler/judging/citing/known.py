"""Documents we know by name, for citations that leave out what tells them from others of the same number."""

from __future__ import annotations

import re
from dataclasses import dataclass

BEFORE, BEHIND = 250, 400  # characters around a citation in which its subject must be named


@dataclass(frozen=True, slots=True)
class Known:
    """One document, and what is written around it where it is meant."""

    kind: str
    number: int
    organ: str
    dated: str  # ISO date
    term: str | None = None  # of the Central Committee that issued it; None: no Party document
    body: str | None = None  # Ban Bí thư, Bộ Chính trị, Ban Chấp hành; None: no Party document
    subject: re.Pattern[str] | None = None  # folded; None: never told by its subject
    named_organ: bool = False  # the subject tells it only where the issuer is named, too

    @property
    def key(self) -> str:
        """As `keys` writes it."""
        return f"{self.kind}-{self.number}-{self.organ}@{self.dated}"


_U = "(?:ủy|uỷ)"
_MOVEMENT = re.compile(
    r"toàn dân (?:tham gia )?bảo vệ (?:an ninh (?:tổ quốc|quốc gia)|antq)"
    r"|(?<!\w)(?:bảo vệ antq|tdbvantq|bvantq)(?!\w)"
)
_POLICE = re.compile(
    r"công an nhân dân|(?<!\w)cand(?!\w)|xây dựng (?:lực lượng )?công an|lực lượng công an"
    rf"|đảng {_U} công an"
)
_RESOLUTION_12 = re.compile(r"nghị quyết (?:số )?12(?!\d)")
_FESTIVAL = re.compile(r"ngày hội (?:toàn dân )?bảo vệ")
_COORDINATION = re.compile(rf"đảng {_U} công an trung ương|quy chế phối hợp")
_DEFENCE_OF_SECURITY = re.compile(r"chiến lược bảo vệ an ninh quốc gia")

KNOWN: tuple[Known, ...] = (
    Known("CT", 9, "TW", "2011-12-01", "XI", "Ban Bí thư", _MOVEMENT),
    Known("KL", 44, "TW", "2019-01-22", "XII", "Ban Bí thư", _MOVEMENT),
    Known("NQ", 12, "TW", "2022-03-16", "XIII", "Bộ Chính trị", _POLICE, named_organ=True),
    Known("NQ", 12, "TW", "2017-06-03", "XII", "Ban Chấp hành"),  # of state enterprises
    Known("QĐ", 521, "TTg", "2005-06-13", subject=_FESTIVAL),
    Known("QĐ", 90, "TW", "2022-12-06", "XIII", "Ban Bí thư", _COORDINATION, named_organ=True),
    Known("KH", 118, "ĐUCA", "2022-05-25", subject=_RESOLUTION_12, named_organ=True),
    Known("NQ", 51, "TW", "2019-09-05", "XII", "Bộ Chính trị", _DEFENCE_OF_SECURITY, named_organ=True),
    Known("NQ", 28, "TW", "2013-10-25", "XI", "Ban Chấp hành"),
    Known("CT", 46, "TW", "2015-06-22", "XI", "Bộ Chính trị"),
    Known("CT", 48, "TW", "2010-10-22", "X", "Bộ Chính trị"),
    Known("NQ", 35, "TW", "2018-10-22", "XII", "Bộ Chính trị"),
)
BY_NUMBER: dict[tuple[str, int], tuple[Known, ...]] = {
    (one.kind, one.number): tuple(
        other for other in KNOWN if (other.kind, other.number) == (one.kind, one.number)
    )
    for one in KNOWN
}
