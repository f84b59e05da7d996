# ruff: noqa: E501 - markup is easier to judge on one line
"""The body: what is kept in order, what is told apart, and what is left out, in the markup of each family."""

from __future__ import annotations

import pytest

from crawler.reading import Hints, read
from crawler.reading.selectors import Selectors
from tests.reading.pages import NOW, article, fetched, reading

TITLE = "Thôn Đông giữ làng bình yên mỗi tối"
LEAD = "Mỗi tối, các tổ tự quản thôn Đông thay nhau đi tuần quanh làng, giữ cho bà con giấc ngủ yên."
FIRST = "Ông Trần Văn Hòa, tổ trưởng, cho biết cả tổ có 12 người, đều là nông dân và cựu chiến binh."
SECOND = "“Chúng tôi chỉ có đèn pin và chiếc loa tay, nhưng kẻ gian đã không dám bén mảng”, ông Hòa nói."
THIRD = "Nhờ vậy, sáu tháng nay cả thôn không xảy ra vụ trộm cắp nào, đường làng sạch sẽ hơn trước."
CAPTION = "Tổ tự quản thôn Đông trước giờ đi tuần. Ảnh: Hà An"
STORY = (FIRST, SECOND, THIRD)
OTHER = "Một xã khác vừa khánh thành nhà văn hóa mới khang trang"
HEAD = f'<meta charset="utf-8"><title>{TITLE} | Báo Làng</title>'


def _p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _story(html: str) -> tuple[str, ...]:
    return tuple(article(HEAD + html).body.split("\n\n"))


def _in(container: str) -> str:
    """A page of no family, with this in its body's container."""
    return f'<h1>{TITLE}</h1><div class="khung-bai">{container}</div>'


FAMILIES = {
    "epi": (
        f'<h1 class="article__title cms-title">{TITLE}</h1><div class="article__sapo cms-desc">(BL)- {LEAD}</div>'
        f'<div class="article__body zce-content-body cms-body">{_p(FIRST, SECOND)}<figure><img src="data:x" data-src="/a.jpg" alt="{TITLE}">'
        f'<figcaption>{CAPTION}</figcaption></figure><div class="article-relate" data-source="related-news"><article class="story">'
        f'<h2><a href="/x-post1.html">{OTHER}</a></h2><p>{LEAD}</p></article></div>{_p(THIRD)}</div>'
    ),
    "vccorp": (
        f'<h1 data-role="title">{TITLE}</h1><h2 class="detail-sapo" data-role="sapo">{LEAD}</h2><div class="detail-content afcbc-body" data-role="content">'
        f'{_p(FIRST, SECOND)}<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="/x.htm">{OTHER}</a><p>{LEAD}</p></div>'
        f'<figure class="VCSortableInPreviewMode"><img src="/a.jpg"><figcaption class="PhotoCMS_Caption"><p>{CAPTION}</p></figcaption></figure>{_p(THIRD)}</div>'
    ),
    "vnexpress": (
        f'<h1 class="title-detail">{TITLE}</h1><p class="description">{LEAD}</p><article class="fck_detail"><p class="Normal">{FIRST}</p>'
        f'<p class="Normal">{SECOND}</p><table class="tplCaption"><tr><td><img src="/a.jpg"></td></tr><tr><td><p class="Image">{CAPTION}</p></td></tr></table>'
        f'<p class="Normal">{THIRD}</p><p class="author_mail"><strong>Hà An</strong></p></article><ul class="list-news"><li><a href="/x">{OTHER}</a></li></ul>'
    ),
    "zing": (
        f'<h1 class="the-article-title">{TITLE}</h1><p class="the-article-summary">{LEAD}</p><div class="the-article-body">{_p(FIRST, SECOND)}'
        f'<table class="picture"><tr><td class="pic"><img src="/a.jpg"></td></tr><tr><td class="pCaption caption"><p>{CAPTION}</p></td></tr></table>{_p(THIRD)}'
        f'<div class="notebox"><p>Tòa soạn giới thiệu tủ sách mới dành cho bạn đọc yêu làng quê.</p></div></div>'
    ),
    "dantri": (
        f'<article><h1 class="title-page">{TITLE}</h1><h2 class="singular-sapo">(Báo Làng) - {LEAD}</h2><div class="singular-content">{_p(FIRST, SECOND)}'
        f"<figure><img src=/a.jpg><figcaption><p>{CAPTION}</p></figcaption></figure>{_p(THIRD)}</div></article>"
    ),
    "portal": (
        f'<form action="/x.aspx"><h1 class="title">{TITLE}</h1><div class="ArticleSummary">{LEAD}</div><div class="ArticleContent">{_p(FIRST, SECOND)}'
        f'<p style="text-align:center"><img src="/a.jpg"></p><p style="text-align:center"><em>{CAPTION}</em></p>{_p(THIRD)}</div><div>A- A A+</div></form>'
    ),
    "microdata": (
        f'<h1 itemprop="headline">{TITLE}</h1><h2 class="sapo">{LEAD}</h2><div itemprop="articleBody"><p class="sapo">{LEAD}</p>{_p(FIRST, SECOND)}'
        f'<p><img src="/a.jpg"><br><i>{CAPTION}</i></p>{_p(THIRD)}<div class="share-box">Chia sẻ</div></div>'
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_recognised_and_read_without_config(family: str) -> None:
    found = reading(HEAD + FAMILIES[family])
    assert found.article is not None
    assert found.layers["body"] == family
    assert (found.article.title, found.article.lead) == (TITLE, LEAD)
    assert tuple(found.article.body.split("\n\n")) == STORY
    assert [(image.url, image.caption) for image in found.article.images] == [
        ("https://bao.example/a.jpg", CAPTION)
    ]


def test_paragraphs_may_be_bare_divisions() -> None:
    assert _story(_in("".join(f"<div>{text}</div>" for text in STORY))) == STORY


def test_paragraphs_may_be_told_apart_by_line_breaks_alone() -> None:
    assert _story(_in("<br><br>".join(STORY))) == STORY
    assert _story(_in("<br>".join(STORY))) == STORY


def test_a_break_within_a_sentence_is_a_blank() -> None:
    broken = FIRST.replace("cho biết", "cho<br>biết").replace("cả tổ", "cả\n   tổ")
    assert _story(_in(_p(broken, SECOND, THIRD))) == STORY


def test_sub_headings_lists_and_tables_are_kept_in_order() -> None:
    inside = (
        f"{_p(FIRST)}<h3>Cả làng cùng thức</h3>{_p(SECOND)}<ul><li>Mỗi hộ góp một đèn chiếu sáng;</li><li>Mỗi ngõ có một tiếng kẻng.</li></ul>"
        f"<table><tr><th>Tháng</th><th>Số vụ</th></tr><tr><td>1</td><td>3</td></tr></table>{_p(THIRD)}"
    )
    assert _story(_in(inside)) == (
        FIRST, "Cả làng cùng thức", SECOND, "Mỗi hộ góp một đèn chiếu sáng;", "Mỗi ngõ có một tiếng kẻng.",
        "Tháng | Số vụ", "1 | 3", THIRD,
    )  # fmt: skip


def test_words_and_names_inside_a_sentence_stay_whatever_their_class() -> None:
    inside = FIRST.replace(
        "12 người", '<abbr class="rate">12</abbr> <a class="related topic" href="/x">người</a>'
    )
    inside = inside.replace("Trần Văn Hòa", '<span class="author">Trần Văn Hòa</span>')
    assert _story(_in(_p(inside, SECOND, THIRD))) == STORY


def test_the_title_repeated_in_the_body_is_left_out() -> None:
    assert _story(_in(_p(FIRST, TITLE, SECOND, TITLE.upper(), THIRD))) == STORY


def test_what_all_sites_print_around_a_story_is_left_out() -> None:
    lines = ("A- A A+ | Tăng tương phản Giảm tương phản", "Chia sẻ", "0 bình luận", "Từ khóa: làng, xã", "Xem thêm: một bài khác", "Tắt [X]",
             "{name} - {time}", "Trả lời", "Hãy chia sẻ với bạn bè!", "Cập nhật: 18:29 28/09/2021 GMT+7", ">> Một bài khác")  # fmt: skip
    assert _story(_in(_p(lines[0], FIRST, *lines[1:6], SECOND, THIRD, *lines[6:]))) == STORY


def test_a_related_list_of_no_known_name_is_left_out_with_its_summaries() -> None:
    cards = f'<ul><li><a href="/a.html">{OTHER}</a><p>{LEAD}</p></li><li><a href="/b.html">{OTHER} 2</a><p>{LEAD}</p></li></ul>'
    assert _story(_in(f"{_p(FIRST, SECOND)}{cards}{_p(THIRD)}")) == STORY
    assert _story(_in(f"{_p(*STORY)}<p>Tin liên quan</p>{cards}")) == STORY


def test_the_story_goes_on_after_a_related_list_in_its_middle() -> None:
    assert (
        _story(_in(f'{_p(FIRST)}<p>Tin liên quan</p><p><a href="/a.html">{OTHER}</a></p>{_p(SECOND, THIRD)}'))
        == STORY
    )


def test_twins_for_wide_and_narrow_screens_are_one() -> None:
    assert _story(_in(_p(*STORY, *STORY))) == STORY


@pytest.mark.parametrize("dateline", ["", "(Baolang.vn) - ", "(BL)- "])
def test_a_lead_that_opens_the_body_once_more_is_kept_once(dateline: str) -> None:
    html = f'<h1 class="cms-title">{TITLE}</h1><div class="cms-desc">{dateline}{LEAD}</div><div class="cms-body">{_p(LEAD, *STORY)}</div>'
    found = article(HEAD + html)
    assert (found.lead, tuple(found.body.split("\n\n"))) == (LEAD, STORY)


def test_a_description_cut_short_is_no_lead() -> None:
    cut = f'<meta name="description" content="{FIRST[:60]}...">'
    found = article(HEAD + cut + _in(_p(*STORY)))
    assert (found.lead, tuple(found.body.split("\n\n"))) == (None, STORY)


def test_a_description_that_the_page_prints_nowhere_else_is_the_lead() -> None:
    found = article(HEAD + f'<meta name="description" content="{LEAD}">' + _in(_p(*STORY)))
    assert (found.lead, tuple(found.body.split("\n\n"))) == (LEAD, STORY)


def test_a_motto_in_the_head_is_no_lead() -> None:
    motto = '<meta name="description" content="Cơ quan ngôn luận chính thức, cập nhật tin nóng thể thao giải trí 24h.">'
    assert article(HEAD + motto + _in(_p(*STORY))).lead is None


def test_a_selector_that_finds_too_little_is_not_believed() -> None:
    known = Selectors(body=(".nho",))
    html = (
        HEAD
        + f'<h1>{TITLE}</h1><div class="nho"><p>Ảnh minh họa.</p></div><div class="khung-bai">{_p(*STORY, *STORY)}</div>'
    )
    found = read(fetched(html), Hints("bao", "bao:1", known), NOW)
    assert found.article is not None
    assert tuple(found.article.body.split("\n\n")) == STORY
    assert found.layers["body"] == "generic"


def test_selectors_come_before_everything_else() -> None:
    known = Selectors(title=("h2.ten",), lead=(".dan",), body=(".than",), author=(".ai",), date=(".khi",), section=(".muc",), tags=(".the a",), drop=(".bo",))  # fmt: skip
    html = (
        f'{HEAD}<meta property="article:published_time" content="2026-01-01T01:01:01+07:00"><h2 class="ten">{TITLE}</h2><p class="muc">Làng xã</p>'
        f'<p class="dan">{LEAD}</p><i class="ai">Hà An</i><i class="khi">Cập nhật 08:30 ngày 02/03/2026</i>'
        f'<div class="than">{_p(*STORY)}<p class="bo">Dòng này đã được cấu hình bỏ đi.</p></div><p class="the"><a>làng</a></p>'
    )
    found = read(fetched(html), Hints("bao", "bao:1", known), NOW)
    assert found.article is not None
    said = found.article
    assert (said.title, said.lead, tuple(said.body.split("\n\n"))) == (TITLE, LEAD, STORY)
    assert (said.authors, said.section, said.tags) == (("Hà An",), "Làng xã", ("làng",))
    assert said.published is not None
    assert (said.published.at.isoformat(), said.published.origin) == ("2026-03-02T08:30:00+07:00", "selector")
    assert set(found.layers.values()) == {"selector"}


def test_a_selector_nobody_can_read_costs_nothing() -> None:
    known = Selectors(body=("div[[", ":hover", "p:nope(3)"))
    found = read(fetched(HEAD + _in(_p(*STORY))), Hints("bao", "bao:1", known), NOW)
    assert found.article is not None
    assert tuple(found.article.body.split("\n\n")) == STORY


@pytest.mark.parametrize(
    "title", [f"{TITLE} | Báo Làng", f"{TITLE} - Báo điện tử Làng", f"{TITLE} - bao.example", TITLE]
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str) -> None:
    assert article(f"<title>{title}</title><div class='cms-body'>{_p(*STORY)}</div>").title == TITLE


def test_a_title_keeps_the_dashes_of_its_own() -> None:
    title = "Kon Tum - Quảng Ngãi: hai vùng đất, một mái nhà"
    assert (
        article(f"<title>{title}</title><h1>{title}</h1><div class='cms-body'>{_p(*STORY)}</div>").title
        == title
    )


def test_the_rubric_is_found_by_the_folder_of_the_address() -> None:
    html = f'{HEAD}<nav><a href="/">Trang chủ</a><a href="/xa-hoi">Xã hội</a></nav>{_in(_p(*STORY))}'
    assert article(html, url="https://bao.example/xa-hoi/mot-bai.html").section == "Xã hội"
