"""The sentences the page's code says, gathered; those of the templates stand in them, in `_("…")`."""

from __future__ import annotations

from enum import Enum

from crawler.review.languages import Sentence
from storage.records import Decision, Resolution

DECISIONS: dict[Decision, str] = {
    "keep": Sentence("Giữ"),
    "drop": Sentence("Bỏ"),
    "later": Sentence("Để sau"),
}
DECIDED: dict[Decision, str] = {
    "keep": Sentence("Đã giữ"),
    "drop": Sentence("Đã bỏ"),
    "later": Sentence("Đã để sau"),
}

# How it is known which document a citation means.
HOW_RESOLVED: dict[Resolution, str] = {
    "symbol+date": Sentence("đủ ký hiệu và thời gian"),
    "term": Sentence("theo cơ quan và khóa"),
    "carried": Sentence("theo chỗ ghi đủ trong bài"),
    "known": Sentence("theo nội dung xung quanh"),
    "symbol": Sentence("chỉ có ký hiệu, chưa rõ khóa hay năm"),
    "issuer": Sentence("chỉ có số và cơ quan ban hành"),
    "unresolved": Sentence("chưa rõ là văn bản nào"),
}

# What is wrong with a request, to be put into the sentence of its Trouble.
NO_SUCH_TAB = Sentence("không có danh sách tab={value}")
NO_NUMBER = Sentence("{key}={value} không phải số của một bài")
NO_NAME = Sentence("{key}={value} không phải một tên")
TWO_PLACES = Sentence("after và before không đi cùng nhau")
NO_DECISION = Sentence("không nói giữ, bỏ hay để sau")
ODD_DECISION = Sentence("chỉ có giữ (keep), bỏ (drop) và để sau (later)")
NO_UNDO = Sentence("không nói hoàn tác quyết định nào")
NO_PLACE = Sentence("không rõ biểu mẫu được gửi từ trang nào")
NOTHING_SEEN = Sentence("không nói bạn đã thấy quyết định nào trước đó")
LONG_NOTE = Sentence("ghi chú dài {length} ký tự, nhiều nhất là {most}")
NO_LANGUAGE = Sentence("trang này nói tiếng Việt (vi) và tiếng Anh (en)")
ODD_KIND = Sentence("chỉ nhận biểu mẫu application/x-www-form-urlencoded")
ODD_BYTES = Sentence("không đọc được các trường, hoặc không phải UTF-8")


class Trouble(Enum):
    """Why a request gets no page: status, heading, and what to do."""

    BAD_ADDRESS = (
        400,
        Sentence("Địa chỉ không đúng"),
        Sentence("Địa chỉ này có phần không đọc được: {detail}."),
    )
    BAD_FORM = (400, Sentence("Biểu mẫu không đúng"), Sentence("Quyết định chưa được ghi: {detail}."))
    FOREIGN_FORM = (
        403,
        Sentence("Từ chối biểu mẫu"),
        Sentence("Quyết định chỉ được nhận từ chính trang này. Hãy mở trang duyệt và quyết định ở đó."),
    )
    NO_CASE = (404, Sentence("Không có bài này"), Sentence("Trong kho không có bài số {detail}."))
    NOTHING_HERE = (404, Sentence("Không có trang này"), Sentence("Địa chỉ này không dẫn tới trang nào."))
    WRONG_METHOD = (
        405,
        Sentence("Không nhận cách gọi này"),
        Sentence("Trang này chỉ nhận GET, HEAD và POST."),
    )
    NO_LENGTH = (
        411,
        Sentence("Thiếu độ dài"),
        Sentence("Biểu mẫu phải nói rõ độ dài của nó (Content-Length)."),
    )
    TOO_LONG = (413, Sentence("Quá dài"), Sentence("Biểu mẫu dài hơn 64 KiB. Hãy rút ngắn ghi chú."))
    WRONG_HOST = (
        421,
        Sentence("Sai tên máy"),
        Sentence("Trang này chỉ trả lời dưới tên máy của chính nó. Hãy mở địa chỉ mà lệnh diembao đã in ra."),
    )
    BROKEN = (
        500,
        Sentence("Trang bị lỗi"),
        Sentence("Có lỗi trong chương trình; chi tiết nằm trong nhật ký. Chưa ghi gì."),
    )
    STORE = (503, Sentence("Không dùng được kho"), "{detail}")

    def __init__(self, status: int, heading: str, sentence: str) -> None:
        self.status = status
        self.heading = heading
        self.sentence = sentence


class Refused(Exception):
    """A request that gets a sentence instead of a page."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble.heading)
        self.trouble = trouble
        self.detail = detail
