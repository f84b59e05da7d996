"""What we know of the systems Vietnamese papers run on: recognised from the page, no config needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.reading.selectors import Selectors


@dataclass(frozen=True, slots=True)
class Family:
    """One system: the names its markup always carries, and where it keeps the parts of an article."""

    name: str
    signs: tuple[str, ...]  # any of these in the markup makes the page one of the family
    selectors: Selectors
    sure: bool = True  # False: names that other systems use for other things, so the body is checked


_FAMILIES = (
    Family(
        "epi",  # baohatinh, baogialai, plo, nhandan, sggp
        ("zce-content-body", "cms-body", "article__body"),
        Selectors(
            title=("h1.cms-title", "h1.article__title"),
            lead=(".article__sapo", ".cms-desc"),
            body=("div.cms-body", "div.zce-content-body", "div.article__body"),
            author=(
                ".article__author .cms-author", ".article__meta .cms-author", ".article__author .name",
                ".article__author",
                ".article__header .author",
            ),
            date=(
                "meta.cms-date[itemprop=datePublished]", "time.article__time", ".article__meta time",
                ".article__header time",
            ),
            section=(".article__breadcrumb a", ".breadcrumb a", ".article__header .cate"),
            tags=(".article__tag a", ".article__tags a"),
        ),
    ),
    Family(
        "baoquangninh",  # baohungyen, baoquangninh, baocaobang
        ("pseudonym", "content-detail"),
        Selectors(
            title=("h1.name",),
            body=("#content-detail",),
            author=("div.pseudonym", ".pseudonym"),
            date=("div.date.font5", "div.date"),
            section=(".breadcrumbs ol.breadcrumb li:last-of-type a", "ol.breadcrumb li:last-of-type a"),
            drop=(
                "div.relates", "div.topics", "div.social", "div.print_page", "div.block-news-list",
                "[class*=tin-lien]",
            ),
        ),
    ),
    Family(
        "vccorp",  # tuoitre, cafef, thanhnien, baochinhphu, nld
        ("data-role=content", "afcbc-body", "detail-content"),
        Selectors(
            title=("h1[data-role=title]", "h1.detail-title", "h1.title"),
            lead=("[data-role=sapo]", ".detail-sapo", "h2.sapo"),
            body=("[data-role=content]", "div.detail-content", "div.detail-cmain"),
            author=(".detail-author-bot", "[data-role=author]", ".detail-author", "p.author"),
            date=("[data-role=publishdate]", ".detail-time", ".pdate", ".dateandcat"),
            section=("[data-role=cate-name]", ".detail-cate a"),
            tags=("[data-role=tags] a", ".detail-tag-list a"),
            caption=(".PhotoCMS_Caption",),
        ),
    ),
    Family(
        "vccorp-old",  # genk, cafef, kenh14 before 2015
        ("assessment-main1",),
        Selectors(title=(".news-showtitle h1",), lead=("div.init_content",), body=("div.assessment-main1",)),
    ),
    Family(
        "vnexpress",
        ("fck_detail",),
        Selectors(
            title=("h1.title-detail", "h1.title_news_detail"),
            lead=("p.description",),
            body=("article.fck_detail", ".fck_detail"),
            author=(".author_mail strong", "p.author"),
            date=("span.date", "span.time"),
            section=("ul.breadcrumb li:first-of-type a",),
            tags=(".tags h4 a", ".tag_item a"),
            caption=("p.Image",),
        ),
    ),
    Family(
        "zing",
        ("the-article-body",),
        Selectors(
            title=("h1.the-article-title",),
            lead=("p.the-article-summary",),
            body=("div.the-article-body",),
            author=(".the-article-credit .author", ".the-article-meta .the-article-author"),
            date=(".the-article-publish", ".the-article-meta .the-article-publish"),
            section=(".the-article-category a",),
            tags=(".the-article-tags a",),
            caption=("td.caption", ".pCaption"),
            drop=(".notebox", ".inner-article", ".z-widget"),
        ),
    ),
    Family(
        "zing-old",
        ("newsdetail_wrapper",),
        Selectors(
            title=("h1.pTitle",),
            lead=("h2.pHead",),
            body=("#content_document",),
            author=("p.pAuthor",),
            date=(".datetime", ".newsdetail_wrapper .date"),
            caption=("td.pCaption",),
        ),
    ),
    Family(
        "baohatinh-old",
        ("sapo_detail", "date_news", "pAuthor", "pBody"),
        Selectors(
            title=("h1.title_detail", "h1"),
            lead=(".sapo_detail",),
            body=("#main-detail",),
            author=("p.pAuthor", ".pAuthor"),
            date=(".date_news span", ".date_news"),
            caption=("p.pBody.pCenter i", ".iCaption"),
            drop=(".drelated",),
        ),
    ),
    Family(
        "dantri",
        ("singular-content", "desktop-in-article", "dt-news__content"),
        Selectors(
            title=("h1.title-page", "h1.dt-news__title", "article h1"),
            lead=("h2.singular-sapo", ".dt-news__sapo", "article > h2"),
            body=("div.singular-content", "#desktop-in-article", ".dt-news__content"),
            author=(".author-name", ".singular-author .name", ".dt-news__author"),
            date=("time.author-time", "article time", ".dt-news__time"),
        ),
    ),
    Family(
        "vneconomy",
        ("detail__content",),
        Selectors(
            title=("h1.detail__title",),
            lead=("h2.detail__summary", ".detail__summary"),
            body=("div.detail__content",),
            author=(".detail__author",),
            date=(".detail__meta", ".detail__time"),
        ),
    ),
    Family(
        "baocantho",
        ("content-fck",),
        Selectors(body=("#newscontents .content-fck", ".content-fck")),
    ),
    Family(
        "nukeviet",  # schools, districts and departments
        ("news-bodyhtml", "hometext"),
        Selectors(
            title=("h1.title",),
            lead=(".hometext",),
            body=("#news-bodyhtml", ".bodytext"),
            date=(".news_column .h5",),
            section=(".breadcrumb a", ".breadcrumbs a"),
            tags=(".news_column a[href*='/tag/']",),
        ),
    ),
    Family(
        "wordpress",
        ("entry-content", "td-post-content", "post-content"),  # block themes say wp-block-post-content
        Selectors(
            title=("h1.entry-title", "h1.post-title", "h1.tdb-title-text", ".entry-title"),
            lead=(".entry-summary", ".entry-excerpt", ".td-post-sub-title"),
            body=(".entry-content", ".td-post-content", ".post-content"),
            author=(
                ".author.vcard .fn", ".wp-block-post-author-name",
                ".wp-block-post-author__name", ".td-post-author-name a", ".entry-author a", "a[rel=author]",
            ),
            date=(
                "time.entry-date[datetime]", "time.published", ".wp-block-post-date time", ".entry-date",
                ".post-date", ".posted-on",
            ),
            section=(".cat-links a", ".entry-crumbs a:last-of-type", "a[rel~=category]"),
            tags=("a[rel=tag]", ".tags-links a"),
            caption=(".wp-caption-text",),
            drop=(".sharedaddy", ".jp-relatedposts", ".related-posts", ".wp-video-shortcode", "#comments"),
        ),
        sure=False,
    ),
    Family(
        "portal",  # VNPT's, DNN and SharePoint portals of provinces and departments
        (
            "ArticleContent", "article-content", "news-content", "content-news", "ArticleDetail",
            "chi-tiet", "detail-news",
            "noidung", "post-detail", "contentDetail", "news-detail", "entry-body", "article-ds",
        ),
        Selectors(
            title=("h1.title", ".ArticleHeader", "h1", "h2.title", ".title-detail"),
            lead=(".ArticleSummary", ".article-summary", ".summary", ".sapo", ".lead", ".tomtat"),
            body=(
                ".ArticleContent", "div.article-content", "div.news-content", "div.content-news",
                ".ArticleDetailContent", ".noidung", "#noidung", ".chi-tiet-content", ".content-detail",
                ".detail-news",
                "#contentDetail", ".contentDetail",
                ".entry-body", ".post-detail", ".news-detail", "#ArticleContent", ".article-ds",
            ),
            author=(".author", ".tacgia", ".tac-gia", ".ArticleAuthor"),
            date=(".ArticleDate", ".date", ".datetime", ".ngaydang", ".post-date", ".time"),
        ),
        sure=False,
    ),
    Family(
        "microdata",
        ("articleBody", "article-body"),
        Selectors(
            title=("h1[itemprop=headline]", "[itemprop=headline]"),
            body=("[itemprop=articleBody]", "div.article-body", "#article-body"),
            date=("[itemprop=datePublished]",),
            author=("[itemprop=author] [itemprop=name]", "[itemprop=author]"),
        ),
        sure=False,
    ),
)  # fmt: skip


def recognised(names: str) -> Iterator[Family]:
    """The families whose signs are among the names a page gives its elements, the most telling first."""
    return (family for family in _FAMILIES if any(sign in names for sign in family.signs))
