"""Who wrote it, for whom and from where: bylines, source lines and datelines, understood and taken off."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UPPER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
_LABEL = re.compile(
    r"^(?:(?:tin|bài|ảnh|clip|video|đồ ?hoạ|đồ họa|infographic|tổng hợp|bài viết|tác giả|người viết"
    r"|phóng viên|pv|ctv|cộng tác viên|thực hiện|biên tập|by)"
    r"(?:\s*(?:,|và|-|–|&|/|\+)\s*(?:tin|bài|ảnh|clip|video|đồ hoạ|đồ họa))*)\s*:\s*",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"^(?:CTV|PV|Phóng viên|Cộng tác viên|BTV|Nhóm tác giả|Thực hiện)\.?:?\s+(?=[" + _UPPER + "])",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^[(\[]?(?:nguồn(?:\s+tin|\s+bài)?|theo|source)\s*(?::\s*|\s+)(?P<who>[^\n]{2,70}?)[)\]]?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;&+|•·]|\s[-–—/]\s|(?<=\S)[-–—]\s|\s[-–—](?=\S)|\bvà\b|(?<=[a-zà-ỹ])\s*[–—]\s*(?=["
    + _UPPER
    + r"]))\s*"
)
_ONE = rf"(?:[{_UPPER}][\w'’]*\.?(?:[{_UPPER}]\w*\.?)*)"
_NAME = re.compile(rf"^{_ONE}(?:[\s-]{_ONE}){{0,5}}$")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]\s*$")
_DESK = re.compile(
    r"^(?:nhóm\s+(?:pv|phóng viên|tác giả)|pv|ctv|btv|bbt|t[tT]xvn|ban biên tập)$", re.IGNORECASE
)
_OFFICE = re.compile(
    r"^(?:trung tâm|công an|phòng|ban|báo|đài|sở|tỉnh đoàn|hội|văn phòng|bộ chỉ huy|ubnd|mttq|huyện|thành phố"
    r"|cục|vụ|px\d+|theo)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:admin\w*|ban biên tập|tòa soạn|toà soạn|editor|unknown|user|test|null|none|webmaster|tác giả|bởi)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|@|/|\.(?:vn|com|net|org|info|tv)$", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:[-–|•]\s*)?"
    r"(?:\d{1,2}:\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|thứ\s|chủ nhật|cập nhật|và \d+ tác giả).*$",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?:thứ \w{1,4}\W{1,3}|chủ nhật\W{1,3})?(?:\d{1,2}:\d{2}[\s,|-]+)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"(?:[\s,|-]+\d{1,2}:\d{2})?(?:\s*\(?GMT ?\+7\)?)?\s*[-–—|•]\s*",
    re.IGNORECASE,
)
_KEPT_CAPITALS = {"PV", "CTV", "BTV", "TTXVN", "BBT", "BHY", "VOV", "VTV"}

_BRACKETED = re.compile(r"^\(\s*(?P<where>[^()\d]{2,40}?)\s*\)\s*(?P<dash>[-–—:.]*)\s*(?=\S)")
_ADDRESSED = re.compile(r"^(?P<where>[\w.-]+\.(?:vn|com|net))\s*[-–—:]\s*(?=\S)", re.IGNORECASE)
_KNOWN = re.compile(
    r"^(?P<where>BHY|TTO|TNO|NLĐO|NLDO|PLO|CTO|GLO|BGL|TPO|NDO|SGGPO|SKĐS|ĐCSVN|ĐCSVN|VOV|VTV|ANTĐ|CAO|HNMO|BĐT|KTĐT)\s*[-–—:]\s*(?=\S)"
)


def dateline_off(text: str) -> tuple[str | None, str]:
    """("Baohatinh.vn", rest) of `(Baohatinh.vn) - rest`; (None, text) where the text opens without one."""
    for form in (_BRACKETED, _ADDRESSED, _KNOWN):
        match = form.match(text)
        if match and _is_dateline(match):
            return match["where"], text[match.end() :]
    return None, text


def _is_dateline(match: re.Match[str]) -> bool:
    if match.re is not _BRACKETED:
        return True
    where = match["where"]
    capitals = where.isupper() and len(where) <= 8
    return (
        capitals or "." in where or (bool(match["dash"]) and len(where.split()) <= 5 and where[0].isupper())
    )


def credit_of(text: str) -> str | None:
    """ "baohungyen.vn" of `Nguồn tin: baohungyen.vn` or `Theo TTXVN`; None for any other line."""
    match = _CREDIT.match(text)
    if not match or (text.endswith((".", ":", "…")) and not text.endswith((".vn", ".com"))):
        return None
    who = match["who"].strip(" .")
    opens = text.lower().lstrip("([")
    return (
        who
        if opens.startswith("nguồn") or (len(who.split()) <= 6 and who[0].isupper()) or "." in who
        else None
    )


def is_office(text: str) -> bool:
    """Whether a last line names an office, as under the bylines of district stations."""
    return len(text) <= 90 and text[-1:] not in ".:;!?…" and bool(_OFFICE.match(text))


def is_byline(text: str) -> bool:
    """Whether a line of its own is nothing but names: `Ngọc Ánh – Minh Trung`, `Tin, ảnh: P.Y`."""
    if not 2 <= len(text) <= 110 or text[-1] in ":;!?…":
        return False
    label = _LABEL.match(text)
    named = _LABEL.sub("", text)
    names = [_BRACKETS.sub("", part) for part in _BETWEEN.split(_RANK.sub("", named)) if part]
    names = names[:1] + [name for name in names[1:] if not is_office(name)]
    if not names or len(names) > 6 or not all(_like_a_name(name) for name in names):
        return False
    return bool(label) or len(names) > 1 or text != named or _is_alone(names[0])


def is_name(text: str) -> bool:
    """Whether a text may be a name, one word being enough: for lines that are set as only signatures are."""
    return len(text) <= 40 and _like_a_name(text)


def beside_date(line: str) -> str | None:
    """ "PV" of `PV - 11/03/2026 18:59`: the names a date line opens or ends with; None where it has none."""
    if stamp := _STAMP.match(line):
        rest = line[stamp.end() :]
        return rest if is_byline(rest) else None
    names = _TAIL.sub("", line).strip(" -–|•,")
    return names if names and names != line.strip() and is_byline(names) else None


def _is_alone(name: str) -> bool:
    return len(name.split()) >= 2 or bool(_DESK.match(name)) or "." in name.strip(".") or name.isupper()


def _like_a_name(name: str) -> bool:
    stripped = name.strip(" .-–")
    return bool(_DESK.match(stripped)) or (bool(_NAME.match(stripped)) and len(stripped) <= 45)


def authors_of(texts: Iterable[str], papers: Iterable[str] = ()) -> tuple[str, ...]:
    """The people named by byline texts, each once, in order; names of `papers` are not people."""
    own = {_folded(paper) for paper in papers if paper}
    found: dict[str, str] = {}
    for text in texts:
        for name in _names(text):
            if _folded(name) not in own:
                found.setdefault(_folded(name), name)
    return tuple(found.values())


def _names(text: str) -> Iterable[str]:
    bare = _LABEL.sub("", _TAIL.sub("", text.strip())).strip()
    credit = credit_of(bare)
    if credit:
        bare = credit.split("/")[0] if "/" in credit else ""
    for place, part in enumerate(_BETWEEN.split(_LABEL.sub("", _BRACKETS.sub("", bare)))):
        if place and is_office(part) and not _like_a_name(part):
            continue
        name = _RANK.sub("", _BRACKETS.sub("", part).strip(" -–—.,*:|")).strip()
        name = _LABEL.sub("", name)
        if (
            2 <= len(name) <= 45
            and not _NOBODY.match(name)
            and not _ADDRESS.search(name)
            and not name.isdigit()
        ):
            yield _cased(name)


def _cased(name: str) -> str:
    """Capital by capital names as they are written in a sentence: `NHẬT XUÂN` is Nhật Xuân, `P.Y` stays."""
    words = name.split()
    if not name.isupper() or len(words) < 2:
        return name
    return " ".join(word if word in _KEPT_CAPITALS or "." in word else word.capitalize() for word in words)


def _folded(name: str) -> str:
    return re.sub(r"\W+", "", name.lower())
