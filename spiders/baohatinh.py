"""baohatinh.vn: ePi CMS, articles keyed by `post` id, `/tv/` a numbering of its own."""

from __future__ import annotations

from crawler.crawling.spider import Paper


class BaoHaTinh(Paper):
    """The paper of Hà Tĩnh.

    The feed holds about a day (50 of some 54 articles), month sitemaps like `/sitemaps/news-2026-4.xml` the
    rest. One id may come with two slugs when a headline was edited, or as `/section/slug/id.htm`. Siblings of
    its CMS answer `?page=2` with the first page again, which ends the walk by itself.
    """
