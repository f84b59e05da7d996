"""Invented people: their names and ranks."""

from __future__ import annotations

from random import Random


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


_FAMILIES = _listed(
    "Nguyễn, Trần, Lê, Phạm, Hoàng, Phan, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Đinh, Mai, Trịnh, Đoàn, Cao"
)
_MEN_MIDDLE = _listed("Văn, Đức, Hữu, Xuân, Quốc, Minh, Công, Thanh, Đình, Trọng, Anh, Ngọc, Viết, Tiến")
_MEN = _listed(
    "Hùng, Dũng, Thắng, Sơn, Long, Tuấn, Bình, Cường, Hải, Nam, Tâm, Toàn, Phúc, Hậu, Lâm, Thành, Quyết, Tú,"
    "Khánh, Nghĩa, Đạt, Hiếu, Thủy, Hòa"
)
_WOMEN_MIDDLE = _listed("Thị, Thị Thu, Thị Ngọc, Thị Minh, Thanh, Thị Hồng, Bích, Thị Kim, Thùy")
_WOMEN = _listed(
    "Lan, Hương, Hoa, Nga, Hạnh, Thảo, Mai, Loan, Nhung, Hằng, Xuân, Thủy, Oanh, Phượng, Liên, Tâm, Hiền"
)
_HIGHLANDERS = _listed(
    "A Thôn, A Blong, Y Thảo, A Đinh, Y Lan, A Hùng, Rơ Châm Hlơi, Siu Blich, Kpă Thuyên, Rah Lan Sơ,"
    "Ksor H'Brel, Đinh Yưm, Rmah Hùng, A Ngiêu, Y Vêng, A Khên"
)
_COMMUNE_RANKS = _listed("Trung tá, Thiếu tá, Đại úy, Thượng tá")
_PROVINCE_RANKS = _listed("Đại tá, Thượng tá")


def man(chance: Random) -> str:
    """A man's full name."""
    return f"{chance.choice(_FAMILIES)} {chance.choice(_MEN_MIDDLE)} {chance.choice(_MEN)}"


def woman(chance: Random) -> str:
    """A woman's full name."""
    return f"{chance.choice(_FAMILIES)} {chance.choice(_WOMEN_MIDDLE)} {chance.choice(_WOMEN)}"


def highlander(chance: Random) -> str:
    """A name of the Central Highlands."""
    return chance.choice(_HIGHLANDERS)


def commune_officer(chance: Random) -> str:
    """A commune police officer with rank."""
    return f"{chance.choice(_COMMUNE_RANKS)} {man(chance)}"


def province_officer(chance: Random) -> str:
    """A provincial police officer with rank."""
    return f"{chance.choice(_PROVINCE_RANKS)} {man(chance)}"
