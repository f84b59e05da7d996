"""The cast of one story: its places, people, day and figures, drawn once and then kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.newsroom.markup import VIETNAM
from tests.newsroom.wording import people
from tests.newsroom.wording.places import Province
from tests.newsroom.wording.recipe import Cast

_MODELS = (
    "Camera an ninh",
    "Tiếng kẻng an ninh",
    "Dòng họ tự quản về an ninh trật tự",
    "Khu dân cư bình yên",
    "Tổ liên gia tự quản",
    "Cổng trường an toàn về an ninh trật tự",
    "Xứ đạo bình yên",
    "Chợ an toàn, văn minh",
    "Nhà trọ tự quản về an ninh trật tự",
    "Zalo an ninh",
    "Cựu chiến binh gương mẫu giữ bình yên thôn xóm",
    "Phụ nữ không có chồng, con vi phạm pháp luật",
    "Ba không về an ninh trật tự",
    "Tự phòng, tự quản, tự bảo vệ, tự hòa giải",
)
_HOUSES = (
    "nhà văn hóa cộng đồng",
    "hội trường UBND xã",
    "trung tâm văn hóa - thể thao",
    "nhà văn hóa",
    "khuôn viên trường học",
)
_FIRMS = (
    "Công ty CP Dệt may Đại Thành",
    "Công ty TNHH Điện tử Phú Gia",
    "HTX Nông nghiệp Hợp Lực",
    "Công ty CP Vật liệu Trường An",
    "HTX Dịch vụ tổng hợp Bình Minh",
)
_TEAMS = ("CLB Thanh niên", "đội bóng Quyết Thắng", "CLB Hồng Lam", "đội Sao Mai", "đội bóng Tuổi Trẻ")


def cast_for(province: Province, at: datetime, chance: Random) -> Cast:
    """Everybody and everything a story of `province` on the day `at` may name."""
    local = at.astimezone(VIETNAM)
    first, second, third = chance.sample(province.communes, 3)
    highlands = province.name in {"Quảng Ngãi", "Gia Lai"}
    villager = people.highlander if highlands and chance.random() < 0.6 else people.man
    happened, part = _when(local, chance)
    return {
        "tinh": province.name,
        "xa": f"xã {first}",
        "xa2": f"xã {second}",
        "xa3": f"xã {third}",
        "phuong": f"phường {chance.choice(province.wards)}",
        "thon": chance.choice(province.hamlets),
        "ngay": f"{happened.day}/{happened.month}",
        "nam": str(local.year),
        "namtruoc": str(local.year - 1),
        "thang": str(local.month),
        "buoi": part,
        "nguoidan": villager(chance),
        "nguoidan2": people.woman(chance),
        "bithu": people.man(chance),
        "chutich": chance.choice((people.man, people.woman))(chance),
        "mattran": people.woman(chance),
        "truongthon": villager(chance),
        "truongcax": people.commune_officer(chance),
        "phocax": people.commune_officer(chance),
        "giamdoc": people.province_officer(chance),
        "phogiamdoc": people.province_officer(chance),
        "truongphong": people.province_officer(chance),
        "chuyengia": people.man(chance),
        "doituong": people.man(chance).split(" ")[0] + f" V.{chance.choice('BCĐHKLMNPQT')}.",
        "doituong2": people.man(chance).split(" ")[0] + f" T.{chance.choice('BCĐHKLMNPQT')}.",
        "mohinh": chance.choice(_MODELS),
        "mohinh2": chance.choice(_MODELS),
        "nhavanhoa": chance.choice(_HOUSES),
        "doanhnghiep": chance.choice(_FIRMS),
        "doibong": chance.choice(_TEAMS),
        "caytrong": chance.choice(province.crops),
        "duong": chance.choice(province.roads),
        "song": chance.choice(province.rivers),
        "lehoi": province.feast,
    }


def _when(printed: datetime, chance: Random) -> tuple[datetime, str]:
    """When the story happened, given when it was printed: that day's part before, or the day before."""
    if printed.hour < 10 or chance.random() < 0.25:
        return printed - timedelta(days=1), chance.choice(("sáng", "chiều", "tối"))
    return printed, "sáng" if printed.hour < 16 else chance.choice(("sáng", "chiều"))
