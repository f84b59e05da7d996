"""baohungyen.vn: the CMS of baoquangninh.vn; no feed or sitemap is known, so that the listings lead."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.crawling.spider import Paper


class BaoHungYen(Paper):
    """The paper of Hưng Yên, with that of Thái Bình since July 2025."""

    def listing_address(self, url: str) -> str:
        """The path in lower case: the menu names each section twice, `/chinh-tri` and `/Chinh-tri`."""
        parts = urlsplit(url)
        return parts._replace(path=parts.path.lower()).geturl()
