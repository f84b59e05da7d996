"""The lead: the story's own, never that of a story in a box beside it."""

from __future__ import annotations

from tests.reading.pages import article

TITLE = "Thôn Đông giữ làng bình yên mỗi tối"
LEAD = "Mỗi tối, các tổ tự quản thôn Đông thay nhau đi tuần quanh làng, giữ cho bà con giấc ngủ yên."
BODY = "Ông Trần Văn Hòa, tổ trưởng, cho biết cả tổ có 12 người, đều là nông dân và cựu chiến binh." * 3
OTHER = "Bản tin tài chính sáng nay điểm lại giá vàng, giá xăng và tỷ giá của các ngân hàng trong tỉnh."


def _page(lead_classes: str, box_classes: str) -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body>"
        f'<div class="box"><a href="/x-post9.html">Bản tin</a><div class="{box_classes}">{OTHER}</div></div>'
        f'<h1 class="article__title cms-title">{TITLE}</h1><div class="{lead_classes}">{LEAD}</div>'
        f'<div class="article__body zce-content-body cms-body"><p>{BODY}</p></div></body></html>'
    )


def test_a_box_above_the_title_does_not_give_its_lead_to_the_story() -> None:
    assert article(_page("article__sapo cms-desc", "story__summary cms-desc")).lead == LEAD


def test_a_box_that_is_dressed_like_the_lead_itself_does_not_either() -> None:
    assert article(_page("cms-desc", "cms-desc")).lead == LEAD
    assert article(_page("article__sapo cms-desc", "article__sapo cms-desc"), "baohatinh").lead == LEAD


def test_after_a_redesign_the_description_steps_in_before_another_storys_lead() -> None:
    page = _page("tom-tat-moi", "story__summary cms-desc")
    described = page.replace("<title>", f'<meta name="description" content="{LEAD}"><title>')
    assert article(described, "baohatinh").lead == LEAD


def test_a_box_below_the_body_does_not_give_its_lead_either() -> None:
    page = _page("tom-tat-moi", "x").replace(
        "</body>", f'<aside><div class="cms-desc">{OTHER}</div></aside></body>'
    )
    assert article(page, "baohatinh").lead != OTHER


def test_the_paper_that_calls_itself_the_author_is_none() -> None:
    page = _page("article__sapo", "x").replace("<title>", '<meta name="author" content="Báo Hà Tĩnh"><title>')
    assert article(page).authors == ()
