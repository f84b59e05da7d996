# ruff: noqa: E501 - markup is easier to judge on one line
"""Published and updated are told apart; a date no paper can have printed is refused, and said so."""

from __future__ import annotations

import pytest

from crawler.times import VIETNAM
from storage.records import Dating
from tests.reading.pages import reading

STORY = "".join(
    f"<p>Tối thứ {n}, tổ tự quản thôn Đông đi tuần quanh làng và nhắc nhở những hộ còn để xe dưới lòng đường.</p>"
    for n in range(2, 6)
)


def _page(head: str = "", beside: str = "") -> str:
    return (
        f"<html><head><title>Đêm ở thôn Đông</title>{head}</head><body><article><h1>Đêm ở thôn Đông</h1>{beside}"
        f"<div class='cms-body'>{STORY}</div></article></body></html>"
    )


def _ld(**told: str) -> str:
    parts = ",".join(f'"{key}":"{value}"' for key, value in told.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Đêm ở thôn Đông",{parts}}}</script>'


def _minute(dating: Dating | None) -> str | None:
    return dating.at.astimezone(VIETNAM).isoformat()[:16] if dating else None


@pytest.mark.parametrize(
    ("head", "beside", "published", "updated"),
    [
        (
            _ld(datePublished="2026-11-20T08:00:00+07:00", dateModified="2026-11-21T09:30:00+07:00"),
            "",
            "2026-11-20T08:00",
            "2026-11-21T09:30",
        ),
        (
            '<meta property="article:published_time" content="2026-11-20T08:00:00+0700"><meta property="article:modified_time" content="2026-11-21T02:30:00Z">',
            "",
            "2026-11-20T08:00",
            "2026-11-21T09:30",
        ),
        (
            "",
            "<div class=time>Đăng lúc 08:00 20/11/2026 - Cập nhật 09:30 21/11/2026</div>",
            "2026-11-20T08:00",
            "2026-11-21T09:30",
        ),
        (
            "",
            "<div>Cập nhật lúc: 21/11/2026 09:30</div><div>Đăng ngày 20/11/2026 08:00</div>",
            "2026-11-20T08:00",
            "2026-11-21T09:30",
        ),
        ("", "<div>Cập nhật: 18:29 28/09/2021 GMT+7</div>", "2021-09-28T18:29", None),
        (
            _ld(datePublished="2026-11-20T08:00:00+07:00", dateModified="2026-11-20T08:00:00+07:00"),
            "",
            "2026-11-20T08:00",
            None,
        ),
        (
            _ld(datePublished="2026-11-20 08:00"),
            "<span>Updated: 20/11/2026 17:05</span>",
            "2026-11-20T08:00",
            "2026-11-20T17:05",
        ),
        (_ld(dateModified="2026-11-21T09:30:00+07:00"), "", None, "2026-11-21T09:30"),
    ],
)
def test_published_and_updated_are_told_apart(
    head: str, beside: str, published: str | None, updated: str | None
) -> None:
    found = reading(_page(head, beside))
    assert found.article is not None
    assert (_minute(found.article.published), _minute(found.article.updated)) == (published, updated)
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("head", "doubt"),
    [
        (_ld(datePublished="2031-01-01T08:00:00+07:00"), "date 2031-01-01 from json-ld: in the future"),
        (_ld(datePublished="1970-01-01T07:00:00+07:00"), "date 1970-01-01 from json-ld: before 1995"),
        (
            '<meta property="article:published_time" content="3031-05-06">',
            "date 3031-05-06 from meta: in the future",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_reason_and_the_next_layer_asked(
    head: str, doubt: str
) -> None:
    found = reading(_page(head, "<div>20/11/2026 08:00</div>"))
    assert found.article is not None
    assert _minute(found.article.published) == "2026-11-20T08:00"
    assert found.doubts == (doubt,)


def test_where_no_date_can_be_believed_there_is_none() -> None:
    found = reading(_page(_ld(datePublished="2031-01-01T08:00:00+07:00")))
    assert found.article is not None
    assert found.article.published is None
    assert found.doubts == ("date 2031-01-01 from json-ld: in the future",)


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ("2026-11-19T08:00:00+07:00", "update 2026-11-19 from json-ld: before the publication"),
        ("2027-11-19T08:00:00+07:00", "update 2027-11-19 from json-ld: in the future"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(changed: str, doubt: str) -> None:
    found = reading(_page(_ld(datePublished="2026-11-20T08:00:00+07:00", dateModified=changed)))
    assert found.article is not None
    assert (_minute(found.article.published), found.article.updated) == ("2026-11-20T08:00", None)
    assert found.doubts == (doubt,)


@pytest.mark.parametrize(
    "markup",
    [
        "<body><h1>Đêm ở thôn Đông</h1><p>20/11/2026 08:05</p><div class='cms-body'>{}</div></body>",
        "<body><h1>Đêm ở thôn Đông</h1><p>20/11/2026 08:05 - Lê Văn An</p>{}</body>",
        "<body><header><h1>Đêm ở thôn Đông</h1></header><div>Thứ Sáu, 20/11/2026 08:05</div><div class='cms-body'>{}</div></body>",
        "<body><form><h1>Đêm ở thôn Đông</h1><i>08:05 20/11/2026</i><div class='cms-body'>{}</div></form></body>",
        "<body><div><h2 class='tua'>Đêm ở thôn Đông</h2><span>20/11/2026 08:05</span><div class='cms-body'>{}</div></div></body>",
        "<body><h1><a href='/'>Báo Đông</a></h1><div><div class='tua'>Đêm ở thôn Đông</div><span>20/11/2026 08:05</span><div class='cms-body'>{}</div></div></body>",
    ],
    ids=["bare body", "no container", "header", "form", "title in an h2", "logo in the h1"],
)
def test_a_date_line_is_found_beside_the_title_wherever_that_stands(markup: str) -> None:
    found = reading("<title>Đêm ở thôn Đông</title>" + markup.format(STORY)).article
    assert found is not None
    assert (found.title, _minute(found.published)) == ("Đêm ở thôn Đông", "2026-11-20T08:05")
    assert "20/11/2026" not in found.body


def test_a_day_in_a_side_box_is_no_publication() -> None:
    side = "<div class='side'><p>Lịch phát sóng 19/11/2026 07:00</p></div>"
    found = reading(
        f"<title>Đêm ở thôn Đông</title><body><div class='main'><h1>Đêm ở thôn Đông</h1><div class='cms-body'>{STORY}</div></div>{side}</body>"
    ).article
    assert found is not None
    assert found.published is None
