# ruff: noqa: E501 - markup is easier to judge on one line
"""Every sort of article is kept and called what it is; what only looks like one of them is not."""

from __future__ import annotations

import pytest

from tests.reading.pages import reading

LINE = "Buổi thứ {n}, bà con thôn Đông cùng nhau be bờ, nạo vét mương và dựng lại cây cầu tre bắc qua lạch nhỏ đầu làng. "
SITE = "<footer>Báo Làng, cơ quan của làng. " + "Địa chỉ tòa soạn ở cuối làng Đông. " * 20 + "</footer>"
RELATED = "<ul>" + "".join(f"<li><a href='/tin-{n}.html'>Xã số {n} ra quân giữ gìn trật tự đường làng ngõ xóm</a></li>" for n in range(20)) + "</ul>"  # fmt: skip
ABOUT = '<meta name="description" content="Bà con thôn Đông dựng lại cây cầu tre bắc qua con lạch nhỏ ở đầu làng.">'


def _lines(count: int, opening: str = "") -> str:
    return "".join(f"<p>{opening.format(n=n)}{LINE.format(n=n)}</p>" for n in range(1, count + 1))


def _page(title: str, story: str, head: str = "", after: str = "") -> str:
    return (
        f"<html><head><title>{title} | Báo Làng</title>{head}</head><body><h1>{title}</h1>"
        f"<div class='cms-body'>{story}</div>{after}{SITE}</body></html>"
    )


PICTURES = "".join(
    f"<figure><img src='/anh/{n}.jpg'><figcaption>Thợ cầu thứ {n} đang buộc lạt.</figcaption></figure>"
    for n in range(8)
)
ROWS = "".join(f"<tr><td>Gạo loại {n}</td><td>{n}5.000</td><td>{n}6.500</td></tr>" for n in range(1, 12))
BRIDGE = "Dựng lại cây cầu tre ở đầu làng Đông"
LIVE = "".join(f"<p>{hour}h05</p><p>{hour}:05 {LINE.format(n=hour)}</p>" for hour in range(6, 14))
ASKED = "".join(
    f"<p><b>PV: Thưa ông, việc thứ {n} của tổ thợ bắt đầu từ đâu?</b></p><p>{LINE.format(n=n)}</p>"
    for n in range(1, 6)
)
SET_APART = ASKED.replace("PV: ", "").replace("<b>", "<em>").replace("</b>", "</em>")
QUIZ = "".join(
    f"<p>Câu {n}: Cây cầu tre dài bao nhiêu sải tay?</p><label><input type=radio name=c{n}>Chín</label><label><input type=radio name=c{n}>Mười</label>"
    for n in range(1, 7)
)
SEEN = {
    "article": (BRIDGE, _lines(8)),
    "short": (BRIDGE, _lines(2)),
    "long": (BRIDGE, _lines(100)),
    "interview": (BRIDGE, ASKED),
    "figures": ("Giá gạo ở chợ làng hôm nay", f"<p>{LINE.format(n=1)}</p><table>{ROWS}</table>"),
    "photo": (BRIDGE, f"<p>{LINE.format(n=1)}</p>{PICTURES}"),
    "live": (BRIDGE, LIVE),
    "quiz": (BRIDGE, QUIZ),
    "video": (BRIDGE, f"<video src='/cau.mp4'></video><p>{LINE.format(n=1)}</p>"),
}


@pytest.mark.parametrize("kind", SEEN)
def test_an_article_is_called_what_there_is_most_of(kind: str) -> None:
    title, story = SEEN[kind]
    found = reading(_page(title, story))
    assert found.article is not None, found.refused
    assert found.kind == kind
    assert found.article.body.startswith(
        ("Buổi thứ", "PV: Thưa", "6h05", "Câu 1"),
    )


def test_questions_set_apart_make_an_interview_too() -> None:
    assert reading(_page(BRIDGE, SET_APART)).kind == "interview"


def test_the_figures_of_a_table_are_read_row_by_row() -> None:
    title, story = SEEN["figures"]
    found = reading(_page(title, story)).article
    assert found is not None
    assert found.body.split("\n\n")[1] == "Gạo loại 1 | 15.000 | 16.500"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (f"[Infographics] {BRIDGE}", "infographic"),
        (f"Infographic: {BRIDGE}", "infographic"),
        (f"[QUIZ] {BRIDGE}", "quiz"),
        (f"[Video] {BRIDGE}", "video"),
        (f"Podcast | {BRIDGE}", "audio"),
        (f"[Ảnh] {BRIDGE}", "photo"),
        (f"[E-Magazine] {BRIDGE}", "long"),
        (f"Trực tiếp: {BRIDGE}", "live"),
        (f"Video quay lại {BRIDGE}", "short"),
        (f"Ảnh hưởng của việc {BRIDGE}", "short"),
    ],
)
def test_the_mark_before_a_title_is_believed(title: str, kind: str) -> None:
    found = reading(_page(title, _lines(1)))
    assert (found.refused, found.kind) == (None, kind)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://bao.example/video/dung-lai-cay-cau-tre-123456.html", "video"),
        ("https://bao.example/infographic/dung-lai-cay-cau-tre.html", "infographic"),
        ("https://bao.example/podcast/dung-lai-cay-cau-tre.html", "audio"),
        ("https://bao.example/xa-hoi/dung-lai-cay-cau-tre-video-123456.html", "short"),
    ],
)
def test_the_folder_of_an_address_is_believed(url: str, kind: str) -> None:
    found = reading(_page(BRIDGE, _lines(1)), url=url)
    assert (found.refused, found.kind) == (None, kind)


def test_a_long_text_in_the_folder_of_films_is_an_article() -> None:
    url = "https://bao.example/video/dung-lai-cay-cau-tre-123456.html"
    assert reading(_page(BRIDGE, _lines(20)), url=url).kind == "article"


def test_a_page_that_says_it_is_a_live_blog_is_one() -> None:
    head = '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"x"}</script>'
    assert reading(_page(BRIDGE, _lines(3), head)).kind == "live"


WORDLESS = {
    "video": _page(BRIDGE, "<iframe src='https://www.youtube.com/embed/x'></iframe>", ABOUT, RELATED),
    "infographic": _page(f"[Infographics] {BRIDGE}", "<img src='/do-hoa.jpg'>", "", RELATED),
    "quiz": _page(f"[QUIZ] {BRIDGE}", "<div id='quiz'></div>", ABOUT, RELATED),
    "audio": _page(f"[Podcast] {BRIDGE}", "<audio src='/a.mp3'></audio>", ABOUT, RELATED),
}


@pytest.mark.parametrize("kind", WORDLESS)
def test_a_page_of_one_film_or_graphic_is_kept_with_what_its_head_says(kind: str) -> None:
    found = reading(WORDLESS[kind])
    assert found.article is not None, found.refused
    assert (found.kind, found.article.body) == (kind, "")
    assert found.article.lead or found.article.images


@pytest.mark.parametrize(
    ("title", "kind", "reason"),
    [
        ("Kết quả tìm kiếm cho “cầu tre”", "search", "search"),
        ("Tìm kiếm", "search", "search"),
        ("Tag: cầu tre", "tag", "tag"),
        ("Từ khóa | cầu tre", "tag", "tag"),
        ("404", "error", "error-page"),
        ("Lỗi 404 - Báo Làng", "error", "error-page"),
        ("Không tìm thấy trang bạn yêu cầu", "error", "error-page"),
        ("Bài viết này đã bị xóa", "error", "error-page"),
        ("Rất tiếc, không tìm thấy nội dung này", "error", "error-page"),
    ],
)
def test_a_large_page_that_names_itself_no_article_is_refused_by_that_name(
    title: str, kind: str, reason: str
) -> None:
    found = reading(_page(title, "<p>Mời bạn xem các tin khác của Báo Làng.</p>", "", RELATED + SITE))
    assert (found.article, found.kind, found.refused) == (None, kind, reason)


@pytest.mark.parametrize(
    "title",
    [
        "Tìm kiếm ba ngư dân mất tích ngoài khơi",
        "404 hộ dân được hỗ trợ dựng lại nhà",
        "Không tìm thấy dữ liệu hộp đen của con tàu",
        "Nội dung sai sự thật đã bị gỡ khỏi mạng",
        "Từ khóa của năm là cây cầu tre",
    ],
)
def test_news_of_searches_and_errors_is_news(title: str) -> None:
    assert reading(_page(title, _lines(2))).refused is None


@pytest.mark.parametrize("title", ["Video", "Chuyên mục Video mới"])
def test_a_listing_of_films_is_a_listing(title: str) -> None:
    page = _page(title, RELATED).replace("cms-body", "danh-sach")
    assert reading(page, url="https://bao.example/video/").refused == "listing"
