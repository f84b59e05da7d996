"""Pure: what is wrong with a paper, in Vietnamese, by the name and the values of what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.notices.wording import moment
from storage.records import StateChange

_SENTENCES: Mapping[str, str] = {
    "blocked": "trang có trả lời nhưng chặn chúng ta, {times} lượt quét liền từ {since}",
    "moved": "{home} dẫn sang địa chỉ khác, từ {since}",
    "dead": "không lấy được gì từ {home}, {times} lượt quét liền từ {since}",
    "failed": "{times} lượt quét liền không thành công, từ {since}",
    "killed": "lượt quét không xong trong {deadline}",
    "cut-short": "{times} lượt quét liền bị cắt ngang",
    "unreadable": "{pages} trang tải về không đọc ra bài nào, từ {since}",
    "drifted": "bài được đọc khác trước ({changes})",
    "unfetched": "{failed} trên {tried} trang bài không tải được hoặc không đọc được",
    "too-few": "chỉ có {brought} bài mới trong {window}, at_least đòi {asked}",
    "silent": "không có bài mới từ {since}, đã {lasts}, lâu hơn thường lệ",
    "lost-way": "{way} {url} không còn dùng được ({outcome}), lần cuối dùng được là {worked}",
    "stuck": "lượt quét lúc {started} quá hạn mà chưa kết thúc",
    "overdue": "lượt quét hẹn lúc {due} đã không bắt đầu",
}
_MOMENTS = frozenset({"since", "success", "worked", "started", "due"})
_LENGTHS = frozenset({"deadline", "window", "lasts"})  # in seconds
_UNITS = ((86_400, "ngày"), (3_600, "giờ"), (60, "phút"))


def cause(change: StateChange) -> str | None:
    """One sentence without a full stop; None where nobody wrote one for it."""
    sentence = _SENTENCES.get(change.kind or "")
    if sentence is None:
        return None
    try:
        told = sentence.format(**{name: _said(name, value) for name, value in change.values.items()})
    except (KeyError, ValueError):  # found by a version that tells other values
        return None
    trouble = str(change.values.get("trouble") or "")
    return f"{told} ({trouble})" if trouble else told


def _said(name: str, value: str | int | float) -> str:
    if name in _MOMENTS:
        return moment("vi", datetime.fromisoformat(str(value))) if value else "chưa lần nào"
    return _length(float(value)) if name in _LENGTHS else str(value)


def _length(seconds: float) -> str:
    """As coarse as people say it: 3 ngày, 26 giờ, 30 phút."""
    size, name = next((unit for unit in _UNITS if seconds >= 2 * unit[0]), _UNITS[-1])
    return f"{round(seconds / size)} {name}"
