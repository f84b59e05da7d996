"""Who issues documents: the codes in symbols, the names in texts, and the provinces that share both."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.folding import bare

# Every province has these, so that their documents are told apart by the province only.
PROVINCIAL = frozenset({"TU", "HĐND", "UBND", "CAT", "CATP"})

_CASED = {"ttg": "TTg", "thu": "ThU", "tư": "TW", "t.ư": "TW", "tww": "TW"}
_MINISTRIES = {
    "BCA": "công an",
    "BQP": "quốc phòng",
    "BNV": "nội vụ",
    "BTC": "tài chính",
    "BTP": "tư pháp",
    "BYT": "y tế",
    "BGDĐT": "giáo dục và đào tạo",
    "BNNPTNT": "nông nghiệp và phát triển nông thôn",
    "BNNMT": "nông nghiệp và môi trường",
    "BTNMT": "tài nguyên và môi trường",
    "BTTTT": "thông tin và truyền thông",
    "BKHĐT": "kế hoạch và đầu tư",
    "BKHCN": "khoa học và công nghệ",
    "BVHTTDL": "văn hóa, thể thao và du lịch",
    "BLĐTBXH": "lao động - thương binh và xã hội",
    "BGTVT": "giao thông vận tải",
    "BCT": "công thương",
    "BXD": "xây dựng",
    "BNG": "ngoại giao",
}
_LEVEL = r"(?: (?:tỉnh|thành phố|tp\.?)(?!\w))"
_LOWER = r"(?: (?:huyện|quận|thị xã|xã|phường|thị trấn|các)(?!\w))"
_COMMITTEE = r"(?:ban (?:thường vụ|chấp hành(?: đảng bộ)?) |btv |thường trực )?"
_U = "(?:ủy|uỷ)"

# Name → code, the longer names before those they begin with; the third is which body of the Party it is.
_NAMES: tuple[tuple[str, str, str | None], ...] = (
    (r"ban bí thư(?: (?:ban chấp hành )?(?:trung ương|tw)(?: đảng)?)?", "TW", "Ban Bí thư"),
    (r"bộ chính trị", "TW", "Bộ Chính trị"),
    (
        r"(?:hội nghị (?:lần thứ \w{1,4} )?)?(?:ban chấp hành|bch) (?:trung ương|tw)(?: đảng)?|bchtw",
        "TW",
        "Ban Chấp hành",
    ),
    (rf"(?:ban thường vụ |btv )?đảng {_U} công an (?:trung ương|tw)", "ĐUCA", None),
    (rf"(?:ban thường vụ |btv )?đảng {_U} công an{_LEVEL}", "ĐUCA@", None),
    (rf"quân {_U} trung ương", "QUTW", None),
    (r"văn phòng trung ương(?: đảng)?", "VPTW", None),
    (r"ban tổ chức trung ương", "BTCTW", None),
    (r"ban tuyên giáo trung ương", "BTGTW", None),
    (rf"{_U} ban kiểm tra trung ương", "UBKTTW", None),
    (rf"{_COMMITTEE}(?:tỉnh|thành) {_U}", "TU", None),
    (rf"{_COMMITTEE}(?:huyện|thị|quận) {_U}", "HU", None),
    (r"thủ tướng(?: chính phủ)?", "TTg", None),
    (r"chính phủ", "CP", None),
    (r"chủ tịch nước", "CTN", None),
    (r"hội đồng bộ trưởng", "HĐBT", None),
    (rf"{_U} ban thường vụ quốc hội", "UBTVQH", None),
    (r"quốc hội(?: khó?[aá]?a? [xiv]+)?", "QH", None),
    (rf"(?:hội đồng nhân dân|hđnd){_LOWER}", "HĐND-", None),
    (rf"(?:hội đồng nhân dân|hđnd){_LEVEL}?", "HĐND", None),
    (rf"(?:chủ tịch )?(?:{_U} ban nhân dân|ubnd){_LOWER}", "UBND-", None),
    (rf"(?:chủ tịch )?(?:{_U} ban nhân dân|ubnd){_LEVEL}?", "UBND", None),
    (r"ngân hàng nhà nước(?: việt nam)?", "NHNN", None),
    (
        rf"(?:đoàn chủ tịch )?{_U} ban (?:trung ương|tw) (?:mặt trận tổ quốc|mttq)(?: việt nam)?",
        "MTTW",
        None,
    ),
    *((rf"(?:bộ trưởng )?bộ {name}", code, None) for code, name in _MINISTRIES.items()),
    (r"công an tỉnh", "CAT", None),
    (r"công an (?:thành phố|tp\.?)", "CATP", None),
    (r"trung ương(?: đảng)?(?! \d)", "TW", None),
)
_PROVINCES = """
An Giang|Bà Rịa - Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|
Bình Phước|Bình Thuận|Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|
Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|
Hồ Chí Minh|Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai|Lâm Đồng|
Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|
Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|
Thừa Thiên - Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái
"""
_SLUGS = {
    spelling: slug
    for name in _PROVINCES.replace("\n", "").split("|")
    for slug in ["-".join(bare(name.lower()).replace(" - ", " ").split())]
    for spelling in {name.lower(), name.lower().replace("hòa", "hoà").replace("hóa", "hoá")}
}
_PROVINCE = re.compile(
    "(?: |tp\\.? ?){1,2}(" + "|".join(map(re.escape, sorted(_SLUGS, key=len, reverse=True))) + r")(?!\w)"
)
_ISSUER = re.compile("|".join(f"(?P<n{at}>{name})" for at, (name, _, _) in enumerate(_NAMES)))
_ENDS = re.compile(r"(?!\w)")

# Codes that are read in a symbol even where no word says what kind of document it is.
_PLAIN = re.compile(
    r"tw|tư|tu|thu|hu|qu|đu[a-zđ]{0,4}|vp(?:tw|cp|tu)|cp|ttg|ctn|hđbt|(?:ub)?(?:tv)?qh\d{1,2}|hđnd\d{0,2}|ub|ubnd|cat|catp|cath|"
    r"đct|mttw|mttq|ubmttq|qutw|nhnn|tandtc|vksndtc|(?:b[a-zđ]{1,9}|s[a-zđ]{2,8})(?:tw)?|bcđ\w{0,4}|bch|tlđ|tưđtn|twđtn|"
    r"ubktt[wu]|hđtp"
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued a document, as a text names it."""

    organ: str
    body: str | None  # Ban Bí thư, Bộ Chính trị or Ban Chấp hành; None: another organ, or only "Trung ương"
    province: str | None  # that the text names; None: none
    local: bool  # of one province, district or commune
    below: bool  # of a district or commune, so that a province does not tell it apart
    end: int


def code(token: str) -> str:
    """A folded token of a symbol as keys have it: `ttg` is TTg, `ubnd` UBND."""
    return _CASED.get(token, token.upper())


def is_organ(token: str) -> bool:
    """Whether a folded token is surely the code of an organ."""
    return _PLAIN.fullmatch(token) is not None


def issuer_at(folded: str, place: int) -> Issuer | None:
    """The issuer whose name begins there; None if none does."""
    found = _ISSUER.match(folded, place)
    if found is None or not _ENDS.match(folded, found.end()):
        return None
    _, written, body = _NAMES[int((found.lastgroup or "n0")[1:])]
    organ = written.rstrip("@-")
    province = _PROVINCE.match(folded, found.end()) if organ in PROVINCIAL or written == "ĐUCA@" else None
    below = written.endswith("-") or organ == "HU"
    return Issuer(
        organ,
        body,
        None if province is None or below else _SLUGS[province[1]],
        organ in PROVINCIAL or written[-1] in "@-" or below,
        below,
        province.end() if province and not below else found.end(),
    )


def known_provinces() -> tuple[str, ...]:
    """Their names as written, those of before the mergers of 2025 included."""
    return tuple(_PROVINCES.replace("\n", "").split("|"))


def slug(province: str) -> str:
    """A province's name as keys have it: "Hưng Yên" is hung-yen."""
    return "-".join(bare(province.lower()).replace(" - ", " ").split())
