# ruff: noqa: E501 - markup is easier to judge on one line
"""What is no article is refused by name; what is one never is."""

from __future__ import annotations

import pytest

from crawler.reading import Hints, read
from storage.records import Dating
from tests.reading.pages import NOW, article, fetched, hints, reading

CARDS = "".join(
    f'<li><h3><a href="/tin-{n}.html">Xã số {n} ra quân giữ gìn trật tự đường làng ngõ xóm</a></h3>'
    f"<p>Sáng {n}/11, hơn {n}0 người dân đã cùng dọn dẹp, kẻ lại vạch sơn và tháo dỡ biển quảng cáo lấn chiếm vỉa hè.</p></li>"
    for n in range(1, 25)
)
STORY = "".join(
    f"<p>Đoạn thứ {n} của bài viết kể tiếp câu chuyện ở thôn Đông, nơi mỗi tối các tổ tự quản thay nhau đi tuần quanh làng.</p>"
    for n in range(1, 6)
)
REFUSED = [
    (
        '<html><body><script>document.cookie="D1N=0123456789abcdef; path=/";window.location.reload(true);</script></body></html>',
        "wall",
        "cookie-wall",
    ),
    (
        "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
        "wall",
        "cookie-wall",
    ),
    (
        "<title>Không tìm thấy trang</title><h1>404</h1><p>Trang bạn tìm không tồn tại.</p>",
        "error",
        "error-page",
    ),
    (
        "<title>500</title><h1>Internal Server Error</h1><p>Có lỗi xảy ra, vui lòng thử lại.</p>",
        "error",
        "error-page",
    ),
    (
        '<title>Đăng nhập</title><h1>Đăng nhập</h1><form><input name="u"><input type="password" name="p"></form>',
        "login",
        "login",
    ),
    ("<title>bao.example</title><p>This domain is for sale. Buy this domain today.</p>", "parked", "parked"),
    ("<title>Index of /</title><h1>Index of /</h1><pre>anh/ bao/</pre>", "parked", "parked"),
    ("", "empty", "empty-page"),
    ("<html><head><title>Báo</title></head><body></body></html>", "empty", "empty-page"),
    (f"<title>Xã hội | Báo Làng</title><h1>Xã hội</h1><ul>{CARDS}</ul>", "listing", "listing"),
    (f"<title>Báo Làng - Tiếng nói của làng</title><div><ul>{CARDS}</ul></div>", "listing", "listing"),
    (f"<title>Tin mới</title><div class='entry-content'><ul>{CARDS}</ul></div>", "listing", "listing"),
]


@pytest.mark.parametrize(("html", "kind", "reason"), REFUSED)
def test_what_is_no_article_is_refused_by_name(html: str, kind: str, reason: str) -> None:
    found = reading(html)
    assert (found.article, found.kind, found.refused) == (None, kind, reason)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://bao.example/", "home"),
        ("https://bao.example/an-ninh-tag1234.html", "tag"),
        ("https://bao.example/tag/an-ninh/", "tag"),
        ("https://bao.example/tim-kiem?q=an+ninh", "search"),
        ("https://bao.example/?s=an+ninh", "search"),
    ],
)
def test_an_address_tells_what_a_page_is(url: str, kind: str) -> None:
    found = reading(f"<title>An ninh | Báo</title><h1>An ninh ở làng quê hôm nay</h1>{STORY}", url=url)
    assert (found.article, found.kind) == (None, kind)


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_an_error_status_is_believed(status: int) -> None:
    found = read(fetched(f"<h1>Một bài viết có thật</h1>{STORY}", status=status), hints(), NOW)
    assert (found.article, found.refused) == (None, f"http-{status}")


def test_a_page_without_a_title_says_so() -> None:
    assert reading(f"<div>{STORY}</div>").refused == "no-title"


@pytest.mark.parametrize("source", ["", "baohungyen"])
def test_a_lead_from_the_head_does_not_hide_that_the_page_is_empty(source: str) -> None:
    html = (
        '<title>Chuyện ở thôn Đông hôm nay</title><meta name="description" content="Mỗi tối, các tổ tự quản thay nhau đi tuần quanh làng.">'
        f'<h1 class="name">Chuyện ở thôn Đông hôm nay</h1><div id="content-detail"></div><footer>{"Địa chỉ tòa soạn. " * 60}</footer>'
    )
    assert reading(html, source).refused == "empty-body"


def test_a_video_page_with_a_printed_lead_alone_is_an_article() -> None:
    html = (
        '<title>Mùa gặt ở làng Đông</title><h1 class="cms-title">Mùa gặt ở làng Đông</h1>'
        '<div class="cms-desc">Bà con làng Đông ra đồng từ tờ mờ sáng để kịp gặt trước cơn mưa.</div><div class="cms-body"><video></video></div>'
    )
    found = article(html)
    assert (found.lead, found.body) == (
        "Bà con làng Đông ra đồng từ tờ mờ sáng để kịp gặt trước cơn mưa.",
        "",
    )


def test_short_news_of_two_sentences_is_an_article() -> None:
    html = (
        "<title>Cháy chợ huyện lúc rạng sáng | Báo Làng</title><h1>Cháy chợ huyện lúc rạng sáng</h1><div class='noi-dung'>"
        "<p>Khoảng 3 giờ sáng nay, chợ huyện bốc cháy, hai ki-ốt bị thiêu rụi. Không có người bị thương.</p></div>"
    )
    feed = Dating(NOW, "second", "feed")
    found = read(fetched(html), Hints("bao", "bao:1", dated=feed), NOW)
    assert found.article is not None
    assert found.article.body.startswith("Khoảng 3 giờ sáng nay")
    assert found.article.published == feed


def test_an_article_with_many_related_headlines_stays_an_article() -> None:
    html = f"<title>Chuyện làng Đông | Báo</title><h1>Chuyện làng Đông</h1><div class='x'>{STORY}<ul>{CARDS}</ul></div>"
    found = article(html)
    assert len(found.body.split("\n\n")) == 5
    assert "vạch sơn" not in found.body


def test_an_article_that_speaks_of_404_and_captcha_is_no_error() -> None:
    html = f"<title>Lỗi 404 là gì | Báo</title><h1>Lỗi 404 là gì</h1><p>Trang không tồn tại, captcha, document.cookie=1.</p>{STORY}"
    assert article(html).title == "Lỗi 404 là gì"


def test_a_page_of_many_pictures_and_few_words_is_a_photo_story() -> None:
    pictures = "".join(
        f'<figure><img src="/anh/{n}.jpg"><figcaption>Bà con thôn {n} ra đồng từ sớm.</figcaption></figure>'
        for n in range(8)
    )
    found = reading(
        f"<title>Mùa gặt | Báo</title><h1>Mùa gặt ở làng Đông</h1><div class='cms-body'>{STORY}{pictures}</div>"
    )
    assert found.kind == "photo"
    assert found.article is not None
    assert len(found.article.images) == 8


def test_short_news_with_a_list_of_others_in_its_container_is_no_listing() -> None:
    others = "".join(
        f"<li><a href='/{n}'>Đầu đề thứ {n} của một bài khác trên báo hôm nay</a></li>" for n in range(5)
    )
    found = reading(
        "<title>Bến đò Lở tạm dừng chở khách từ chiều nay</title><div><h1>Bến đò Lở tạm dừng chở khách từ chiều nay</h1>"
        "<div class='noi'><p>Do nước sông lên nhanh, bến đò Lở tạm dừng chở khách từ 18 giờ hôm nay cho đến khi có "
        f"thông báo mới của xã.</p><div class='related-posts'><ul>{others}</ul></div></div></div>"
    )
    assert (found.refused, found.kind) == (None, "short")


def test_a_heading_that_tells_of_an_error_is_believed_over_the_list_below_it() -> None:
    cards = "".join(
        f"<div><a href='/{n}'>Đầu đề thứ {n} của một bài khác trên báo hôm nay</a><p>Câu tóm tắt thứ {n} của bài ấy, dài "
        "vừa đủ để trông như một đoạn văn của một bài báo thật sự, có đầu có cuối.</p></div>"
        for n in range(12)
    )
    page = f"<title>Báo Đông</title><h1>Rất tiếc, không tìm thấy trang bạn yêu cầu</h1><div>{cards}</div>"
    assert (reading(page).kind, reading(page).refused) == ("error", "error-page")


def test_summaries_of_other_stories_are_no_body_of_a_page_that_has_none() -> None:
    cards = "".join(
        f"<div class='o'><h3><a href='/{n}'>Đầu đề thứ {n} của một bài khác trên báo</a></h3><p>Câu tóm tắt thứ {n} của "
        "bài ấy, dài vừa đủ để trông như một đoạn văn của một bài báo.</p></div>"
        for n in range(6)
    )
    page = (
        "<title>Cầu mới qua sông Vẹt thông xe sáng nay</title><div><div><h1>Cầu mới qua sông Vẹt thông xe sáng nay</h1>"
        f"<div class='noi'></div></div></div><div><div><div class='khac'>{cards}</div></div></div>"
    )
    assert reading(page).article is None
