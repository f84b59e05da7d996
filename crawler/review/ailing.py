"""What is wrong with a source, in the language of the page: a sentence for each kind of finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from crawler.review.languages import Sentence, said, spoken
from crawler.review.watched import Ailment, Value

# {name} is the source's name in config.toml, {trouble} what its crawl said of itself.
SENTENCES: dict[str, str] = {
    "blocked": Sentence(
        "Trang trả lời nhưng không cho chúng ta đọc{trouble}, {since}. "
        "Nên xem thưa hơn (sources.{name}.every, sources.{name}.delay), ghi crawl.contact, hoặc hỏi báo."
    ),
    "moved": Sentence(
        "{home} dẫn sang một máy chủ khác{trouble}, {since}. "
        "Nếu báo đã dời đi, hãy ghi địa chỉ mới vào sources.{name}.home."
    ),
    "dead": Sentence(
        "Không lấy được gì từ {home}{trouble}, {since}. Hãy kiểm tra địa chỉ và đường mạng ở đây; "
        "nếu báo đã đóng, hãy ghi sources.{name}.enabled = false."
    ),
    "failed": Sentence(
        "Lượt xem gần nhất bị hỏng{trouble}, {since}. Tệp logs/{name}.log cạnh kho nói rõ hơn."
    ),
    "killed": Sentence(
        "Lượt xem gần nhất không xong trong hạn {deadline}{trouble}, {since}. Nếu báo chỉ chậm, hãy tăng "
        "crawl.deadline; tệp logs/{name}.log cạnh kho cho biết nó dừng ở đâu."
    ),
    "cut-short": Sentence(
        "{times} lượt xem gần nhất đều bị cắt ngang ({outcome}); {success}. "
        "Hãy xem máy có đủ bộ nhớ và có chạy liên tục không."
    ),
    "unreadable": Sentence(
        "{pages} trang tải về gần đây, từ {since_at}, không trang nào cho ra bài. Hãy so một trang với "
        "sources.{name}.selectors và sources.{name}.article (diembao doctor URL)."
    ),
    "drifted": Sentence(
        "Trang được đọc khác trước ({changes}). Hãy sửa sources.{name}.selectors (diembao doctor URL cho "
        "biết mỗi phần lấy từ đâu), rồi chạy diembao reread --source {name}."
    ),
    "unfetched": Sentence(
        "{failed} trong {tried} trang bài không tải hoặc không đọc được ({reasons}). Chúng sẽ được thử lại; "
        "hãy mở một trang bằng trình duyệt để xem báo có hoạt động không."
    ),
    "too-few": Sentence(
        "Trong {window} qua có {brought} bài mới, mà at_least đòi {asked}. Hãy xem {home}; nếu báo nay đăng "
        "ít hơn, hãy hạ sources.{name}.at_least."
    ),
    "silent": Sentence(
        "Không có bài mới từ {since_at}, đã {lasts}; theo nhịp thường ngày thì trong thời gian ấy báo đăng "
        "vào khoảng {expected} giờ khác nhau. Hãy xem {home}; nếu có tin, diembao doctor {name} cho biết vì "
        "sao không tìm thấy; nếu báo nghỉ, sources.{name}.at_least nói thế nào là đủ."
    ),
    "lost-way": Sentence(
        "{way} {url} không dùng được nữa ({outcome}), trước còn dùng được lúc {worked}. Hãy tìm địa chỉ mới, "
        "hoặc bỏ nó khỏi sources.{name}."
    ),
    "stuck": Sentence(
        "Lượt xem bắt đầu lúc {started} đã quá hạn mà chưa bị dừng. "
        "diembao daemon có đang chạy, và crawl.workers có đủ không?"
    ),
    "overdue": Sentence(
        "Đến hạn xem lúc {due} mà chưa bắt đầu. diembao daemon có đang chạy, và crawl.workers có đủ không?"
    ),
    "recovering": Sentence("Có vẻ đã hoạt động lại; sẽ gọi là tốt khi điều đó kéo dài đủ lâu."),
    "cut-off": Sentence(
        "Không lấy được gì từ {home}, và từ báo nào khác cũng vậy: hãy kiểm tra đường mạng ở đây."
    ),
}

# The clauses of `drifted`, which come in English: what each says, with the same places.
_CHANGES = (
    (
        r"selector (?P<word>\w+) matched (?P<now>\d+ of \d+)(?: \(before (?P<before>\d+ of \d+)\))?; "
        r"the (?P<layer>[\w-]+) layer read (?P<other>\d+ of \d+); used it",
        Sentence("bộ chọn {word} khớp {now} trang{before}, đã dùng lớp {layer}, đọc được {other}"),
    ),
    (
        r"selector (?P<word>\w+) matched (?P<now>\d+ of \d+)(?: \(before (?P<before>\d+ of \d+)\))?; "
        r"no other layer read it",
        Sentence("bộ chọn {word} khớp {now} trang{before}, không lớp nào khác đọc được"),
    ),
    (
        r"(?P<word>\w+) read on (?P<now>\d+ of \d+) pages, before on (?P<before>\d+ of \d+)",
        Sentence("{word} đọc được ở {now} trang{before}"),
    ),
    (
        r"the selectors and the generic layer tell the same story on (?P<now>\d+ of \d+) pages, "
        r"before on (?P<before>\d+ of \d+)",
        Sentence("bộ chọn và cách đọc chung cho cùng một bài ở {now} trang{before}"),
    ),
    (
        r"bodies have (?P<now>\d+) characters in (?P<other>\d+) paragraphs, "
        r"before (?P<before>\d+) in (?P<layer>\d+)",
        Sentence("thân bài dài {now} chữ trong {other} đoạn, trước là {before} chữ trong {layer} đoạn"),
    ),
)
_BEFORE = Sentence(" (trước là {before})")
_PARTS: dict[str, str] = {
    "body": Sentence("thân bài"),
    "title": Sentence("tít"),
    "lead": Sentence("sapo"),
    "date": Sentence("ngày đăng"),
    "author": Sentence("tác giả"),
    "section": Sentence("chuyên mục"),
}

_ROW = Sentence("{times} lần liền, {success}")
_ONCE = Sentence("lúc {at}, {success}")
_SUCCESS = Sentence("thành công gần nhất {at}")
_NEVER = Sentence("chưa lần nào thành công")
_NO_REASON = Sentence("không rõ vì sao")
_UNITS = (
    (86_400, Sentence("{count} ngày")),
    (3600, Sentence("{count} giờ")),
    (60, Sentence("{count} phút")),
    (1, Sentence("{count} giây")),
)
_MOMENTS = frozenset({"worked", "started", "due"})
_LENGTHS = frozenset({"deadline", "window", "lasts"})

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(?=: )")

Moment = Callable[[datetime], str]


def complaint(name: str, ailment: Ailment, moment: Moment) -> str:
    """The sentence about the source `name`; as it was told in English where it cannot be said here."""
    sentence = SENTENCES.get(ailment.kind)
    if sentence is None:
        return ailment.said
    try:
        return sentence.format(name=name, **_places(ailment.values, moment))
    except (KeyError, ValueError):  # of a version that told other values
        return ailment.said


def _places(values: Mapping[str, Value], moment: Moment) -> dict[str, object]:
    told: dict[str, object] = dict(values)
    told |= {key: _at(value, moment) for key, value in values.items() if key in _MOMENTS}
    told |= {key: _length(float(value)) for key, value in values.items() if key in _LENGTHS}
    if "success" in values:
        told["success"] = _success(values["success"], moment)
    if "since" in values:
        told["since_at"] = _at(values["since"], moment)
        told["since"] = _since(told, values)
    if "trouble" in values:
        trouble = _trouble(str(values["trouble"]))
        told["trouble"] = f" ({trouble})" if trouble else ""
    if "expected" in values:
        told["expected"] = f"{values['expected']:g}"
    if "changes" in values:
        told["changes"] = _changes(str(values["changes"]))
    if "reasons" in values:
        told["reasons"] = values["reasons"] or said(_NO_REASON)
    return told


def _trouble(text: str) -> str:
    """What the crawl said of itself, which is English; elsewhere its stable name alone: `http-503`."""
    code = _CODE.match(text)
    return code[0] if code and spoken() != "en" else text


def _changes(text: str) -> str:
    """What is read otherwise; what is not known here stays English."""
    if spoken() == "en":
        return text
    for pattern, sentence in _CHANGES:
        text = re.sub(pattern, partial(_change, sentence), text)
    return text


def _change(sentence: str, found: re.Match[str]) -> str:
    places = {name: (value or "").replace(" of ", "/") for name, value in found.groupdict().items()}
    word = places.get("word", "")
    before = places["before"]
    if "word" in places or "layer" not in places:
        before = _BEFORE.format(before=before) if before else ""
    return sentence.format(**{**places, "word": said(_PARTS.get(word, word)), "before": before})


def _since(told: Mapping[str, object], values: Mapping[str, Value]) -> str:
    times, success = values.get("times", 1), told.get("success", "")
    if times == 1:
        return _ONCE.format(at=told["since_at"], success=success)
    return _ROW.format(times=times, success=success)


def _success(at: Value, moment: Moment) -> str:
    return _SUCCESS.format(at=_at(at, moment)) if at else said(_NEVER)


def _at(text: Value, moment: Moment) -> str:
    return moment(datetime.fromisoformat(str(text)))


def _length(seconds: float) -> str:
    """The two largest units."""
    rest = max(0, round(seconds))
    parts: list[tuple[int, str]] = []
    for unit, sentence in _UNITS:
        count, rest = divmod(rest, unit)
        if count or parts:
            parts.append((count, sentence))
    return " ".join(sentence.format(count=count) for count, sentence in parts[:2] if count)
