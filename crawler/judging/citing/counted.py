"""What numbers in news count: the heads of noun phrases, folded, and the words at which a phrase ends."""

from __future__ import annotations

import re

_PEOPLE = """
người|nhân khẩu|hộ|hộ dân|hộ gia đình|gia đình|học sinh|sinh viên|học viên|giáo viên|cán bộ|
chiến sĩ|chiến sỹ|công an|đảng viên|đoàn viên|hội viên|thành viên|đại biểu|đồng chí|công nhân|
lao động|nông dân|phụ nữ|thanh niên|trẻ em|cựu chiến binh|người dân|nhân dân|cử tri|đồng bào|
đối tượng|bị can|bị cáo|nạn nhân|tình nguyện viên|công chức|viên chức|sĩ quan|sỹ quan|
hòa giải viên|cộng tác viên|bệnh nhân|du khách|khách|thí sinh|vận động viên|nghệ nhân|tổ viên|
dân quân|tuyên truyền viên|cụ|em|cháu
"""
_GROUPS = """
tổ|đội|nhóm|cụm|câu lạc bộ|clb|mô hình|tổ chức|cơ quan|doanh nghiệp|nhà trường|trường|
trường học|cơ sở|đơn vị|chi bộ|đảng bộ|chi hội|hợp tác xã|htx|tập thể|cá nhân|ban|hội|dòng họ|
dòng tộc|giáo xứ|giáo họ|tổ hợp tác|lực lượng|địa phương|địa bàn|chi đoàn
"""
_PLACES = """
xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|thôn|bản|làng|ấp|khóm|buôn|khu phố|
khu dân cư|tổ dân phố|khu|điểm|chốt|trạm|tuyến|tuyến đường|trụ sở|nhà|ngôi nhà|căn nhà|
công trình|dự án|khu vực|nước|quốc gia|phòng học|cầu|bến|chợ
"""
_EVENTS = """
lượt|lượt người|buổi|cuộc|đợt|hội nghị|hội thảo|lớp|vụ|vụ việc|vụ án|vụ tai nạn|trường hợp|
tin|tin báo|nguồn tin|ý kiến|kiến nghị|câu hỏi|đơn|đơn thư|bài|tin bài|bài viết|văn bản|
nghị quyết|kế hoạch|chương trình|đề án|chuyên đề|nhiệm vụ|giải pháp|nội dung|tiêu chí|chỉ tiêu|
mục tiêu|phong trào|hoạt động|sáng kiến|điển hình|danh hiệu|giấy khen|bằng khen|suất|suất quà|
phần quà|phần thưởng|tiết mục|giải|giải thưởng|đám cháy|chuyến|ca|hồ sơ|thủ tục|dịch vụ|
cam kết|bản cam kết|hợp đồng|mâu thuẫn|hòm thư|tác phẩm|đội hình
"""
_THINGS = """
camera|mắt camera|khẩu|khẩu súng|súng|viên|viên đạn|đạn|quả|quả bom|lựu đạn|vũ khí|dao|kiếm|
pháo|bánh|gói|bộ|chiếc|cái|con|cây|tờ|tờ rơi|pa nô|băng rôn|áp phích|xe|ô tô|xe máy|mô tô|
phương tiện|tàu|thuyền|máy|máy tính|thiết bị|sản phẩm|tài khoản|thẻ|căn cước|thẻ căn cước|
bình chữa cháy|tủ sách|cuốn|quyển|sách|trâu|bò|lợn|đầu sách|bể|giếng|đèn|bóng đèn|kẻng|loa|
trang|fanpage|nhóm zalo
"""
_MEASURES = """
km|km2|m|m2|m3|mét|mét vuông|ha|héc ta|hecta|kg|tấn|tạ|lít|gam|gram|g|mw|kwh|đồng|usd|
đô la|euro|ngày công|bao|thùng|hộp
"""


def _split(words: str) -> set[str]:
    return set("".join(words.split("\n")).split("|"))


_HEADS = set().union(*map(_split, (_PEOPLE, _GROUPS, _PLACES, _EVENTS, _THINGS, _MEASURES)))
HEAD = re.compile("(?:" + "|".join(sorted(map(re.escape, _HEADS), key=len, reverse=True)) + r")(?![\w/])")
# With a fraction behind the comma only these are counted: 2,5 of a household there is not.
MEASURED = frozenset(_split(_MEASURES))

# A share of these may be a day and its month: "2/9 người dân" are people on the second of September.
PEOPLE = frozenset(_split(_PEOPLE))

SCALES = {
    "chục": 10,
    "trăm": 100,
    "nghìn": 1_000,
    "ngàn": 1_000,
    "vạn": 10_000,
    "triệu": 1_000_000,
    "tỷ": 10**9,
    "tỉ": 10**9,
}

# The phrase ends before one of these; they say what was done with what is counted, or where and when.
STOPS = frozenset(
    _split("""
và|hoặc|hay|của|tại|ở|trên|dưới|với|được|bị|đã|đang|sẽ|đạt|có|không|chưa|cho|để|trong|
ngoài|tham|là|do|từ|đến|tới|vào|ra|giúp|về|theo|thuộc|như|cùng|gồm|thì|mà|khi|sau|
trước|bằng|nhằm|qua|nên|phải|cũng|này|đó|kia|trở|còn|gắn|so|tăng|giảm|chiếm|nhận|vừa|
nhờ|ngừng|thăm|đảm|triển|đi|dừng|lên|xuống|sẵn|nằm|mỗi|các|những|một|hai|ba|hiện|nay|
nhưng|rồi|khiến|làm|tổ|nghe|ký|dự|đến|hoàn|đăng|hưởng|bảo|góp|tự|bao|đều|mới|vì|nếu
""")
)
# … unless the stop is part of a noun that only begins like a verb.
KEPT = (
    "tham mưu",
    "tham quan",
    "tổ chức quần chúng",
    "tự quản",
    "tự chế",
    "tự vệ",
    "bảo vệ dân phố",
    "bảo vệ",
    "hoàn cảnh",
    "tổ dân phố",
    "tổ hòa giải",
)
# A comma within these parts no phrase.
JOINED = (
    "phòng, chống",
    "cán bộ, chiến sĩ",
    "cán bộ, chiến sỹ",
    "cán bộ, đảng viên",
    "an ninh, trật tự",
    "trật tự, an toàn",
)

# Behind one of these a number says which, not how many.
ORDINAL = frozenset(
    _split("""
quận|phường|lớp|khóa|khoá|điều|khoản|thứ|tổ|thôn|khu|tập|đội|cấp|hạng|kỳ|quý|tháng|năm|
trang|đường|lộ|km|ngày|lần|số|mồng|mùng|ngõ|ngách|hẻm|kiệt|phòng|tầng|block|lô|ấp|khóm|
bản|xóm|đại|ca|chương|mục|bảng|hình|nhóm|giải|loại|vùng|tuyến|sáng|chiều|tối|trưa|đêm|
hôm|dịp|lễ|tết|phút|giờ|rằm|cụm|chi|zone|bậc|top|u|vành|đai|trạm|cống|ga|đảo|gate|vụ|
đạo|bcđ|zalo|chương
""")
)
# … unless it is the end of one of these.
COUNTING = ("tổng số", "số lượng", "cung cấp", "được cấp", "đã cấp", "trên các tuyến")
ABOUT = (
    "trên dưới",
    "ít nhất",
    "tối thiểu",
    "nhiều nhất",
    "tối đa",
    "xấp xỉ",
    "không dưới",
    "hơn",
    "trên",
    "gần",
    "khoảng",
    "chừng",
    "hàng",
    "ngót",
)
