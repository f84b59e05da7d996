# ruff: noqa: E501 - markup is easier to judge on one line
"""News of one paragraph is read whole and alone, however the page dresses it and whatever stands around."""

from __future__ import annotations

import pytest

from tests.reading.pages import article

TITLE = "Cháy kho rơm ở thôn Đông lúc nửa đêm"
LEAD = "Lực lượng tại chỗ dập tắt đám cháy sau bốn mươi phút, không ai bị thương."
ONE = "Khoảng 0 giờ 20 phút ngày 12/11, một kho rơm rộng chừng hai trăm mét vuông ở cuối thôn Đông bất ngờ bốc cháy, khói bay mù mịt cả xóm."
SIDE = "<ul class='danh-sach'>" + "".join(f"<li><h3><a href='/tin-{n}.html'>Xã số {n} ra quân giữ gìn trật tự đường làng ngõ xóm</a></h3></li>" for n in range(12)) + "</ul>"  # fmt: skip
NEWSLETTER = "<div class='dang-ky'><p>Đăng ký ngay để nhận gói tin tức mới của Báo Làng vào mỗi buổi sáng, trước khi bạn ra đồng.</p><form><input type='password'></form></div>"
COMMENTS = "<div class='comment-box'><p>Tòa soạn giữ quyền từ chối những lời lẽ xúc phạm cá nhân, tổ chức và không nhất thiết đồng tình với ý kiến bạn đọc.</p></div>"
HEAD = f"<html><head><title>{TITLE} | Báo Làng</title></head><body><div class='menu'>{SIDE}</div>"
FOOT = "<footer><p>Giấy phép số 1 do làng cấp. Mọi sao chép phải ghi rõ nguồn là Báo Làng, cơ quan ngôn luận của làng Đông.</p></footer></body></html>"
DRESSES = {
    "beside its title": f"<article><h1>{TITLE}</h1><p>{ONE}</p></article>{SIDE}{NEWSLETTER}",
    "with a lead of its own": f"<div class='chi-tiet-tin'><h1>{TITLE}</h1><h2 class='sapo'>{LEAD}</h2><div class='nd'><p>{ONE}</p></div></div>{SIDE}{NEWSLETTER}{COMMENTS}",
    "with a date line": f"<div><h1>{TITLE}</h1><div>Thứ tư, 12/11/2025, 09:10 (GMT+7)</div><div class='nd'><p>{ONE}</p></div></div>{SIDE}{COMMENTS}",
    "in a family's container": f"<div id='main-detail' class='pBody'><h1 class='cms-title'>{TITLE}</h1><div class='cms-body'><p>{ONE}</p></div>{NEWSLETTER}{COMMENTS}</div>{SIDE}",
    "in a portal's container": f"<div class='news-detail'><h1>{TITLE}</h1><div class='article-content'><p>{ONE}</p></div>{COMMENTS}{NEWSLETTER}{SIDE}</div>",
    "in a paragraph without a tag": f"<div><h1>{TITLE}</h1><div class='nd'>{ONE}</div></div>{SIDE}{NEWSLETTER}",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_one_paragraph_is_the_whole_story(dress: str) -> None:
    found = article(f"{HEAD}{DRESSES[dress]}{FOOT}")
    assert (found.title, found.body) == (TITLE, ONE)
    assert found.lead == (LEAD if LEAD in DRESSES[dress] else None)
