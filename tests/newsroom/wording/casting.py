"""The cast of one story: its places, people, day and figures, drawn once and then kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

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
_HOURS = ((11, "sáng"), (14, "trưa"), (18, "chiều"), (24, "tối"))


def cast_for(province: Province, at: datetime, chance: Random) -> Cast:
    """Everybody and everything a story of `province` on the day `at` may name."""
    before_merger = at.year < 2025
    first, second, third = chance.sample(province.communes, 3)
    highlands = province.name in {"Quảng Ngãi", "Gia Lai"}
    villager = people.highlander if highlands and chance.random() < 0.6 else people.man
    happened = at - timedelta(days=chance.choice((0, 0, 0, 1)))
    return {
        "tinh": province.name,
        "xa": f"xã {first}",
        "xa2": f"xã {second}",
        "xa3": f"xã {third}",
        "phuong": f"phường {chance.choice(province.wards)}",
        "thon": chance.choice(province.hamlets),
        "thon2": chance.choice(province.hamlets),
        "huyen": f"huyện {chance.choice(province.districts)}" if before_merger else f"xã {second}",
        "ngay": f"{happened.day}/{happened.month}",
        "nam": str(at.year),
        "namtruoc": str(at.year - 1),
        "thang": str(at.month),
        "buoi": next(name for hour, name in _HOURS if at.hour < hour),
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
