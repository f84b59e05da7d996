"""The sentences of messages, in Vietnamese and English, and how they write numbers, moments and lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crawler.config.model import Language
from crawler.times import VIETNAM
from storage.records import Complaint

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "name": ("Điểm báo", "Press review"),
    "new": ("{n} bài mới", "{n} new"),
    "changed": ("{n} bài có sửa sau khi duyệt", "{n} changed after review"),
    "late": ("{n} bài cũ mới được gắn cờ", "{n} older ones flagged only now"),
    "more": ("… và {n} bài nữa", "… and {n} more"),
    "more_at": ("… và {n} bài nữa, xem trên trang duyệt", "… and {n} more, on the review page"),
    "section_new": ("Bài mới", "New"),
    "section_changed": ("Có sửa sau khi duyệt", "Changed after review"),
    "section_late": ("Bài cũ, mới tìm thấy hoặc mới được gắn cờ", "Older, found or flagged only now"),
    "also": ("Cũng đăng ở: {papers}", "Also in: {papers}"),
    "undated": ("không rõ ngày đăng", "undated"),
    "read": ("Đọc bài", "Read it"),
    "decide": ("Duyệt", "Review it"),
    "queue": ("Mở trang duyệt", "Open the review page"),
    "number": ("bài số {n}", "case {n}"),
    "ill": ("{n} báo có trục trặc: {papers}", "in trouble: {papers} ({n})"),
    "well": ("{n} báo đã trở lại bình thường: {papers}", "well again: {papers} ({n})"),
    "offline": (
        "Không tới được {n} trên {all} báo: có thể máy này mất mạng",
        "{n} of {all} papers cannot be reached: perhaps this machine is offline",
    ),
    "lost": ("{n} tin không tới kênh {channels}", "never reached {channels}: {n} of our messages"),
    "section_lost": ("Tin không tới kênh khác", "Messages that never reached other channels"),
    "do_lost": (
        "Sửa kênh {channel} (`diembao notify test {channel}`), rồi chạy `diembao notify retry`.",
        "Mend the channel {channel} (`diembao notify test {channel}`), then `diembao notify retry`.",
    ),
    "complaints": ("kho dữ liệu: {n} điều cần xem lại", "the store: {n} to be looked at"),
    "mended": ("kho dữ liệu: {n} điều đã ổn", "the store: {n} over"),
    "section_complaints": ("Kho dữ liệu cần xem lại", "The store, to be looked at"),
    "section_mended": ("Kho dữ liệu, đã ổn", "The store, over"),
    "until": ("từ {since} đến {until}", "from {since} to {until}"),
    "section_ill": ("Có trục trặc", "In trouble"),
    "section_well": ("Đã trở lại bình thường", "Well again"),
    "since": ("ghi nhận lúc {at}", "noted {at}"),
    "weekly": (
        "Vẫn chạy: đã theo dõi {sources} báo, đọc {read} bài, gắn cờ {flagged}",
        "Still running: watched {sources} papers, read {read} articles, flagged {flagged}",
    ),
    "weekly_days": ("Bảy ngày, từ {first} đến {last}", "Seven days, from {first} to {last}"),
    "weekly_sources": ("Báo đang theo dõi", "Papers watched"),
    "weekly_crawls": ("Lượt quét thành công", "Crawls that ended well"),
    "weekly_troubled": ("Lượt quét không thành công", "Crawls that did not"),
    "weekly_read": ("Bài đã đọc", "Articles read"),
    "weekly_flagged": ("Bài được gắn cờ", "Articles flagged"),
    "weekly_reviewed": ("Bài đã duyệt", "Articles reviewed"),
    "weekly_waiting": ("Bài đang chờ duyệt", "Articles waiting for review"),
    "weekly_ill": ("Báo đang có trục trặc", "Papers in trouble now"),
    "none": ("không có", "none"),
    "test": ("Tin thử cho kênh {channel}", "Test message to the channel {channel}"),
    "test_text": (
        "Nếu bạn đọc được dòng này thì kênh {channel} hoạt động: tiếng Việt có dấu đầy đủ.",
        "If you can read this, the channel {channel} works: Điểm báo, with all its marks.",
    ),
    "automatic": (
        "Tin tự động của diembao, giờ Việt Nam (+07:00). Kênh: {channel}.",
        "Sent automatically by diembao, times of Vietnam (+07:00). Channel: {channel}.",
    ),
    "is_quiet": ("im lặng lâu hơn thường lệ", "silent for longer than usual"),
    "is_ill": ("quét không thành công hoặc không đọc được bài", "its crawls fail, or nothing can be read"),
    "is_blocked": ("trang có trả lời nhưng chặn chúng ta", "the site answers, but not to us"),
    "is_redesigned": ("giao diện có vẻ đã đổi, bài không còn đọc được như trước", "redesigned, so it seems"),
    "is_moved": ("trang chủ dẫn sang địa chỉ khác", "its home leads to another host"),
    "is_dead": ("không kết nối được", "no connection"),
    "is_unwatched": ("lẽ ra đã phải quét nhưng chưa quét", "not watched, though it should be"),
    "is_disabled": ("đã tắt", "switched off"),
    "is_well": ("bình thường", "well"),
    "do_quiet": (
        "Mở trang báo xem có bài mới không; nếu báo đăng thưa hơn thì hạ at_least.",
        "See whether the paper publishes anything; if it publishes less now, lower at_least.",
    ),
    "do_ill": ("Chạy `diembao doctor {source}` để biết vì sao.", "`diembao doctor {source}` tells why."),
    "do_blocked": (
        "Quét thưa hơn (every, delay), ghi địa chỉ liên hệ vào crawl.contact, hoặc hỏi toà soạn.",
        "Crawl it less often (every, delay), set crawl.contact, or ask the paper.",
    ),
    "do_redesigned": (
        "Sửa selectors của báo (`diembao doctor {source}`), rồi chạy `diembao reread --source {source}`.",
        "Mend its selectors (`diembao doctor {source}`), then `diembao reread --source {source}`.",
    ),
    "do_moved": (
        "Nếu báo đã chuyển địa chỉ, ghi địa chỉ mới vào home.",
        "If the paper moved, write its new address as home.",
    ),
    "do_dead": (
        "Kiểm tra địa chỉ và mạng của máy này; nếu báo đã đóng cửa, đặt enabled = false.",
        "Check the address and the network here; if the paper closed, set enabled = false.",
    ),
    "do_unwatched": (
        "Xem `diembao daemon` có đang chạy không, và crawl.workers có đủ không.",
        "Is `diembao daemon` running, and are crawl.workers enough?",
    ),
}

_OF_THE_STORE = {  # in Vietnamese; in English a complaint words itself
    "backup-failed": "Sao lưu lúc {at} không thành công ({trouble}); {last}.",
    "backup-overdue": "Chưa có bản sao lưu mới từ {since}, [backup] every = {every} ({last}): xem `diembao "
    "daemon` có đang chạy không.",
    "backup-gone": "Bản sao lưu tốt gần nhất không còn ở {path}: xem ổ đĩa có được gắn không.",
    "upkeep-failed": "Lần bảo trì kho dữ liệu gần nhất có trục trặc: {trouble}.",
    "upkeep-unended": "{times} lần bảo trì kho dữ liệu gần đây bị ngắt giữa chừng: xem máy có chạy liên "
    "tục và đủ bộ nhớ không; `diembao db upkeep` cho biết thêm.",
}
_MOMENTS = frozenset({"at", "since"})


def of_the_store(language: Language, complaint: Complaint) -> str:
    """What is wrong with the store; of a kind that has no sentence here in English."""
    sentence = _OF_THE_STORE.get(complaint.kind)
    if language == "en" or sentence is None:
        return complaint.said
    told = {key: _value(key, value) for key, value in complaint.values.items()}
    try:
        return sentence.format(**told)
    except KeyError:  # another version of us recorded it with other values
        return complaint.said


def _value(key: str, value: str | int | float) -> str:
    if key == "last":
        return f"bản tốt gần nhất: {_moment(value)}" if value else "chưa có bản tốt nào"
    return _moment(value) if key in _MOMENTS else str(value)


def _moment(value: str | int | float) -> str:
    return moment("vi", datetime.fromisoformat(str(value)))


def say(language: Language, sentence: str, /, **names: object) -> str:
    """The sentence in that language with the names filled in; numbers as the language writes them."""
    told = {key: amount(language, value) if isinstance(value, int) else value for key, value in names.items()}
    return _SENTENCES[sentence][0 if language == "vi" else 1].format(**told)


def amount(language: Language, count: int) -> str:
    """1234 as 1.234, or in English as 1,234."""
    return f"{count:,}".replace(",", "." if language == "vi" else ",")


def moment(language: Language, at: datetime) -> str:
    """A moment on Vietnam's clock."""
    return f"{at.astimezone(VIETNAM):%H:%M}, {day(language, at)}"


def day(language: Language, at: datetime) -> str:
    """A day in Vietnam."""
    there = at.astimezone(VIETNAM)
    return f"{there:%d/%m/%Y}" if language == "vi" else f"{there.day} {there:%b %Y}"
