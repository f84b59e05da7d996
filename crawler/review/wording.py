"""The sentences the page's code says, gathered; those of the templates stand in them, in `_("…")`."""

from __future__ import annotations

from enum import Enum

from storage.records import Decision, Resolution

DECISIONS: dict[Decision, str] = {"keep": "Giữ", "drop": "Bỏ", "later": "Để sau"}
DECIDED: dict[Decision, str] = {"keep": "Đã giữ", "drop": "Đã bỏ", "later": "Đã để sau"}

# What each key does. Telex and VNI leave all of them alone: none is a mark of theirs.
KEYS: dict[str, str] = {
    "g": "giữ bài",
    "b": "bỏ bài",
    "l": "để lại sau",
    "h": "hoàn tác quyết định vừa rồi",
    "c": "viết ghi chú",
    "n": "bài sau",
    "p": "bài trước",
    "m": "mở bài; trong bài: mở bản gốc trên báo",
    "v": "chọn bài, để quyết định nhiều bài một lúc bằng g, b hay l",
    "k": "đến chỗ khớp sau trong bài",
    "q": "về chỗ khớp trước trong bài",
    "t": "tìm trong mọi bài đã lưu",
    "y": "quyết định cho cả các bản khác",
    "u": "ở bài không gắn cờ: gắn cờ bằng tay",
}

# How a source is, and how a crawl of it ended.
STATES: dict[str, str] = {
    "well": "tốt",
    "quiet": "im ắng",
    "ill": "trục trặc",
    "blocked": "bị chặn",
    "redesigned": "đổi giao diện",
    "moved": "đã chuyển",
    "dead": "không kết nối được",
    "unwatched": "chưa xem",
    "disabled": "đã tắt",
}
OUTCOMES: dict[str, str] = {
    "done": "thành công",
    "failed": "hỏng",
    "blocked": "bị chặn",
    "moved": "báo đã chuyển",
    "dead": "không kết nối được",
    "killed": "quá giờ, bị dừng",
    "stopped": "được dừng theo yêu cầu",
    "interrupted": "đứt giữa chừng",
}

# How it is known which document a citation means.
HOW_RESOLVED: dict[Resolution, str] = {
    "symbol+date": "đủ ký hiệu và thời gian",
    "term": "theo cơ quan và khóa",
    "carried": "theo chỗ ghi đủ trong bài",
    "known": "theo nội dung xung quanh",
    "symbol": "chỉ có ký hiệu, chưa rõ khóa hay năm",
    "issuer": "chỉ có số và cơ quan ban hành",
    "unresolved": "chưa rõ là văn bản nào",
}

SOUGHT = "từ đang tìm"  # what a search lit up

# What is wrong with a request, to be put into the sentence of its Trouble.
NO_SUCH_TAB = "không có danh sách tab={value}"
NO_SUCH_ORDER = "không có thứ tự order={value}"
NO_NUMBER = "{key}={value} không phải số của một bài"
NO_NAME = "{key}={value} không phải một tên"
TWO_PLACES = "after và before không đi cùng nhau"
ODD_DAY = "{value} không phải một ngày; hãy viết như 23/11/2026 hay 2026-11-23"
CROSSED_DAYS = "ngày đầu đứng sau ngày cuối"
NOT_ONE_OF = "{key}={value} không phải một trong {known}"
LONG_QUERY = "câu tìm dài {length} ký tự, nhiều nhất là {most}"
ODD_SEARCH = "không đọc được câu tìm đi kèm"
NO_STEP = "không nói đi từ bài nào, tới bài trước hay bài sau"
ODD_NAME = "một tên dài 1 đến 60 ký tự, không có dấu gạch chéo hay ký tự không in được"
NOTHING_ASKED = "chưa hỏi gì thì không có gì để lưu"
NO_SUCH_DECISION = "không có decision={value}; chỉ có keep, drop và later"
TWO_NAMES = "source và rule không đi cùng nhau ở trang này"
NO_SPAN = "không có within={value}; chỉ có 28d, 12w và all"
NO_SAMPLE = "chỉ có mẫu đến hôm nay, mỗi ngày nhiều nhất {most} mẫu"
NO_ACT = "không nói phải làm gì"
NOT_SAMPLED = "bài này không thuộc mẫu"
NO_SUCH_RULE = "không có quy tắc of={value} trong cấu hình"
NO_DAY = "{key}={value} không phải một ngày; viết như 23/11/2026 hoặc 2026-11-23"
NO_PERIOD = "không có khoảng thời gian period={value}; chỉ có 28d và 12w"
LONG_PERIOD = "khoảng thời gian dài {days} ngày, nhiều nhất là {most}"
MANY_COLUMNS = "{days} ngày là quá nhiều cột; theo ngày thì nhiều nhất là {most}, hãy chọn theo tuần"
NO_COLUMNS = "không có by={value}; chỉ có day và week"
NO_DECISION = "không nói giữ, bỏ hay để sau"
ODD_DECISION = "chỉ có giữ (keep), bỏ (drop) và để sau (later)"
NO_UNDO = "không nói hoàn tác quyết định nào"
NO_PLACE = "không rõ biểu mẫu được gửi từ trang nào"
NOTHING_SEEN = "không nói bạn đã thấy quyết định nào trước đó"
NO_BACK = "next không phải một địa chỉ của trang này"
NOT_A_COUNT = "{key}={value} không phải một số"
NOTHING_PICKED = "chưa chọn bài nào"
NO_REVIEWER = "không có ai tên như vậy trong [review] reviewers"
LONG_NOTE = "ghi chú dài {length} ký tự, nhiều nhất là {most}"
NO_LANGUAGE = "trang này nói tiếng Việt (vi) và tiếng Anh (en)"
ODD_COPIES = "không đọc được danh sách các bản khác"
ODD_KIND = "chỉ nhận biểu mẫu application/x-www-form-urlencoded"
ODD_BYTES = "không đọc được các trường, hoặc không phải UTF-8"


def short(text: str) -> str:
    """What somebody wrote, told in a sentence: printable, in quotes, not too long."""
    shown = "".join(character if character.isprintable() else "�" for character in text)
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"


class Trouble(Enum):
    """Why a request gets no page: status, heading, and what to do."""

    BAD_ADDRESS = (400, "Địa chỉ không đúng", "Địa chỉ này có phần không đọc được: {detail}.")
    STRANGER = (401, "Cần mật khẩu", "Trang này chỉ mở cho người đã đăng nhập. Hãy mở trang /login.")
    BAD_FORM = (400, "Biểu mẫu không đúng", "Chưa ghi gì: {detail}.")
    NAME_TAKEN = (409, "Tên đã có", "Một câu tìm khác đã mang tên “{detail}”. Hãy chọn tên khác.")
    NO_SEARCH = (404, "Không có câu tìm này", "Không có câu tìm nào được lưu dưới tên “{detail}”.")
    FOREIGN_FORM = (
        403,
        "Từ chối biểu mẫu",
        "Quyết định chỉ được nhận từ chính trang này. Hãy mở trang duyệt và quyết định ở đó.",
    )
    NO_CASE = (404, "Không có bài này", "Trong kho không có bài số {detail}.")
    NOTHING_HERE = (404, "Không có trang này", "Địa chỉ này không dẫn tới trang nào.")
    WRONG_METHOD = (405, "Không nhận cách gọi này", "Trang này chỉ nhận GET, HEAD và POST.")
    NO_LENGTH = (411, "Thiếu độ dài", "Biểu mẫu phải nói rõ độ dài của nó (Content-Length).")
    TOO_LONG = (413, "Quá dài", "Biểu mẫu dài hơn 64 KiB. Hãy rút ngắn ghi chú.")
    WRONG_HOST = (
        421,
        "Sai tên máy",
        "Trang này chỉ trả lời dưới tên máy của chính nó. Hãy mở địa chỉ mà lệnh diembao đã in ra.",
    )
    BROKEN = (500, "Trang bị lỗi", "Có lỗi trong chương trình; chi tiết nằm trong nhật ký. Chưa ghi gì.")
    STORE = (503, "Không dùng được kho", "{detail}")

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
