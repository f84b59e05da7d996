"""gialaitv.vn: WordPress, addresses with a last slash; its news is thought to be at baogialai.com.vn now."""

from __future__ import annotations

from crawler.crawling.listings import Listing
from crawler.crawling.spider import Paper
from crawler.crawling.wordpress import page_after


class GiaLaiTV(Paper):
    """The television of Gia Lai, merged with the papers of Gia Lai and Bình Định in July 2025.

    `/lich-phat-song/?ngay=…` is a calendar without an end; config.toml skips it.
    """

    def next_page(self, listing: Listing, url: str) -> str | None:
        """`/category/…/page/n` goes back for thousands of pages, linked or not."""
        return listing.next_page or page_after(url)
