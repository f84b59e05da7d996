"""What every WordPress has in common, for spiders of papers that run on it."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.crawling.shapes import page_number


def page_after(url: str) -> str | None:
    """`/category/xe/page/3` after `/category/xe/page/2`; None for what is no archive of WordPress."""
    parts = urlsplit(url)
    if not parts.path.startswith(("/category/", "/tag/", "/author/")) or parts.query:
        return None
    stem = parts.path.partition("/page/")[0].rstrip("/")
    slash = "/" if parts.path.endswith("/") else ""
    return parts._replace(path=f"{stem}/page/{page_number(url) + 1}{slash}").geturl()
