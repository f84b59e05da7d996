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

# What each key does. Telex and VNI leave all of them alone: none is a mark of theirs.
KEYS: dict[str, str] = {
    "g": Sentence("giữ bài"),
    "b": Sentence("bỏ bài"),
    "l": Sentence("để lại sau"),
    "h": Sentence("hoàn tác quyết định vừa rồi"),
    "c": Sentence("viết ghi chú"),
    "n": Sentence("bài sau"),
    "p": Sentence("bài trước"),
    "m": Sentence("mở bài; trong bài: mở bản gốc trên báo"),
    "v": Sentence("chọn bài, để quyết định nhiều bài một lúc bằng g, b hay l"),
    "k": Sentence("đến chỗ khớp sau trong bài"),
    "q": Sentence("về chỗ khớp trước trong bài"),
    "t": Sentence("tìm trong mọi bài đã lưu"),
    "y": Sentence("quyết định cho cả các bản khác"),
    "u": Sentence("ở bài không gắn cờ: gắn cờ bằng tay"),
}

# How a source is, and how a crawl of it ended.
STATES: dict[str, str] = {
    "well": Sentence("tốt"),
    "quiet": Sentence("im ắng"),
    "ill": Sentence("trục trặc"),
    "blocked": Sentence("bị chặn"),
    "redesigned": Sentence("đổi giao diện"),
    "moved": Sentence("đã chuyển"),
    "dead": Sentence("không kết nối được"),
    "unwatched": Sentence("chưa xem"),
    "disabled": Sentence("đã tắt"),
}
OUTCOMES: dict[str, str] = {
    "done": Sentence("thành công"),
    "failed": Sentence("hỏng"),
    "blocked": Sentence("bị chặn"),
    "moved": Sentence("báo đã chuyển"),
    "dead": Sentence("không kết nối được"),
    "killed": Sentence("quá giờ, bị dừng"),
    "stopped": Sentence("được dừng theo yêu cầu"),
    "interrupted": Sentence("đứt giữa chừng"),
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

SOUGHT = "từ đang tìm"  # what a search lit up

# What is wrong with a request, to be put into the sentence of its Trouble.
NO_SUCH_TAB = Sentence("không có danh sách tab={value}")
NO_SUCH_ORDER = Sentence("không có thứ tự order={value}")
NO_NUMBER = Sentence("{key}={value} không phải số của một bài")
NO_NAME = Sentence("{key}={value} không phải một tên")
TWO_PLACES = Sentence("after và before không đi cùng nhau")
ODD_DAY = Sentence("{value} không phải một ngày; hãy viết như 23/11/2026 hay 2026-11-23")
CROSSED_DAYS = Sentence("ngày đầu đứng sau ngày cuối")
NOT_ONE_OF = Sentence("{key}={value} không phải một trong {known}")
LONG_QUERY = Sentence("câu tìm dài {length} ký tự, nhiều nhất là {most}")
ODD_SEARCH = Sentence("không đọc được câu tìm đi kèm")
NO_STEP = Sentence("không nói đi từ bài nào, tới bài trước hay bài sau")
ODD_NAME = Sentence("một tên dài 1 đến 60 ký tự, không có dấu gạch chéo hay ký tự không in được")
NOTHING_ASKED = Sentence("chưa hỏi gì thì không có gì để lưu")
NO_SUCH_DECISION = Sentence("không có decision={value}; chỉ có keep, drop và later")
TWO_NAMES = Sentence("source và rule không đi cùng nhau ở trang này")
NO_SPAN = Sentence("không có within={value}; chỉ có 28d, 12w và all")
NO_SAMPLE = Sentence("chỉ có mẫu đến hôm nay, mỗi ngày nhiều nhất {most} mẫu")
NO_ACT = Sentence("không nói phải làm gì")
NOT_SAMPLED = Sentence("bài này không thuộc mẫu")
NO_SUCH_RULE = Sentence("không có quy tắc of={value} trong cấu hình")
NO_DAY = Sentence("{key}={value} không phải một ngày; viết như 23/11/2026 hoặc 2026-11-23")
NO_PERIOD = Sentence("không có khoảng thời gian period={value}; chỉ có 28d và 12w")
LONG_PERIOD = Sentence("khoảng thời gian dài {days} ngày, nhiều nhất là {most}")
MANY_COLUMNS = Sentence(
    "{days} ngày là quá nhiều cột; theo ngày thì nhiều nhất là {most}, hãy chọn theo tuần"
)
NO_COLUMNS = Sentence("không có by={value}; chỉ có day và week")
NO_DECISION = Sentence("không nói giữ, bỏ hay để sau")
ODD_DECISION = Sentence("chỉ có giữ (keep), bỏ (drop) và để sau (later)")
NO_UNDO = Sentence("không nói hoàn tác quyết định nào")
NO_PLACE = Sentence("không rõ biểu mẫu được gửi từ trang nào")
NOTHING_SEEN = Sentence("không nói bạn đã thấy quyết định nào trước đó")
NO_BACK = Sentence("next không phải một địa chỉ của trang này")
NOT_A_COUNT = Sentence("{key}={value} không phải một số")
NOTHING_PICKED = Sentence("chưa chọn bài nào")
NO_REVIEWER = Sentence("không có ai tên như vậy trong [review] reviewers")
LONG_NOTE = Sentence("ghi chú dài {length} ký tự, nhiều nhất là {most}")
NO_LANGUAGE = Sentence("trang này nói tiếng Việt (vi) và tiếng Anh (en)")
ODD_COPIES = Sentence("không đọc được danh sách các bản khác")
ODD_KIND = Sentence("chỉ nhận biểu mẫu application/x-www-form-urlencoded")
ODD_BYTES = Sentence("không đọc được các trường, hoặc không phải UTF-8")


def short(text: str) -> str:
    """What somebody wrote, told in a sentence: printable, in quotes, not too long."""
    shown = "".join(character if character.isprintable() else "�" for character in text)
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"


class Trouble(Enum):
    """Why a request gets no page: status, heading, and what to do."""

    BAD_ADDRESS = (
        400,
        Sentence("Địa chỉ không đúng"),
        Sentence("Địa chỉ này có phần không đọc được: {detail}."),
    )
    STRANGER = (
        401,
        Sentence("Cần mật khẩu"),
        Sentence("Trang này chỉ mở cho người đã đăng nhập. Hãy mở trang /login."),
    )
    BAD_FORM = (400, Sentence("Biểu mẫu không đúng"), Sentence("Chưa ghi gì: {detail}."))
    NAME_TAKEN = (
        409,
        Sentence("Tên đã có"),
        Sentence("Một câu tìm khác đã mang tên “{detail}”. Hãy chọn tên khác."),
    )
    NO_SEARCH = (
        404,
        Sentence("Không có câu tìm này"),
        Sentence("Không có câu tìm nào được lưu dưới tên “{detail}”."),
    )
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
