"""congan.kontum.gov.vn: the police portal of Kon Tum; no ids, no dates, pages by `?page=n`."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.crawling.listings import Listing
from crawler.crawling.shapes import page_number
from crawler.crawling.spider import Paper


class CongAnKonTum(Paper):
    """The portal of a provincial police, whose addresses end after some 120 characters of the headline."""

    def next_page(self, listing: Listing, url: str) -> str | None:
        """`?page=n` of a section where no link leads on; the home page has no second page."""
        parts = urlsplit(url)
        if listing.next_page or parts.path in {"", "/"}:
            return listing.next_page
        return parts._replace(query=f"page={page_number(url) + 1}").geturl()
