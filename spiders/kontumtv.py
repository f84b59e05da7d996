"""kontumtv.vn: WordPress, addresses without id, date or last slash; perhaps frozen since July 2025."""

from __future__ import annotations

from crawler.crawling.listings import Listing
from crawler.crawling.spider import Paper
from crawler.crawling.wordpress import page_after


class KonTumTV(Paper):
    """The television of Kon Tum, a province that became part of Quảng Ngãi."""

    def next_page(self, listing: Listing, url: str) -> str | None:
        """`/category/…/page/n`, which its themes do not always link."""
        return listing.next_page or page_after(url)
