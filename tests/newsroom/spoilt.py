"""How each fault spoils a reply: pure functions, named as their faults."""

from __future__ import annotations

import gzip
import itertools
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import brotli  # type: ignore[import-untyped]  # ships no types

from tests.newsroom.replies import HTML, WHOLE, Asked, Delivery, Reply
from tests.newsroom.spelling import windows_1258 as in_windows_1258

Options = Mapping[str, object]
_MOST_MEGABYTES = 512
_BODY = re.compile(rb'<(?:p|div)(?: class="pBody"| style="[^"]*")?>(?:&nbsp;)*[^<>]{60,}</(?:p|div)>')
_LINK = re.compile(rb'href="[^"]*"')
_CHAIN: Iterator[int] = itertools.count(1)


def status(code: int) -> Reply:
    """A short page of this status."""
    return Reply(
        code,
        f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>".encode(),
        "missing",
    )


def too_many(reply: Reply, asked: Asked, options: Options) -> Reply:
    return replace(status(429), headers=(("Retry-After", str(options.get("after", 2))),))


def no_validators(reply: Reply, asked: Asked, options: Options) -> Reply:
    return replace(reply, validators=False)


def lying_304(reply: Reply, asked: Asked, options: Options) -> Reply:
    conditional = {"if-none-match", "if-modified-since"} & set(asked.headers)
    return replace(reply, status=304, body=b"") if conditional else reply


def gzipped(reply: Reply, asked: Asked, options: Options) -> Reply:
    return gzipped_always(reply, asked, options) if _accepts(asked, "gzip") else reply


def gzipped_always(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _encoded(reply, "gzip", _gzip(reply.body)) if reply.body else reply


def brotlied(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _encoded(reply, "br", _brotli(reply.body)) if reply.body and _accepts(asked, "br") else reply


def gzip_broken(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _encoded(reply, "gzip", reply.body)


def gzip_bomb(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _encoded(replace(reply, status=200, content_type=HTML), "gzip", _bomb(_megabytes(options, 64)))


def redirect(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _led(str(options.get("to", "/")), options)


def redirect_home(reply: Reply, asked: Asked, options: Options) -> Reply:
    return reply if asked.path == "/" else _led("/", options)


def redirect_host(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _led(str(options.get("to", "http://moved.invalid")).rstrip("/") + asked.path, options)


def redirect_loop(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _led(asked.path, options)


def redirect_chain(reply: Reply, asked: Asked, options: Options) -> Reply:
    path = asked.path.partition("?hop=")[0]
    return _led(f"{path}?hop={next(_CHAIN)}", options)


def drip(reply: Reply, asked: Asked, options: Options) -> Reply:
    pace = Delivery("drip", int(str(options.get("chunk", 512))), float(str(options.get("pause", 0.05))))
    return replace(reply, delivery=pace)


def wrong_charset(reply: Reply, asked: Asked, options: Options) -> Reply:
    return replace(reply, content_type=f"text/html; charset={options.get('charset', 'iso-8859-1')}")


def no_charset(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(
        replace(reply, content_type="text/html"), re.sub(rb'(?i)<meta charset="?utf-8"?>', b"", reply.body)
    )


def windows_1258(reply: Reply, asked: Asked, options: Options) -> Reply:
    body = in_windows_1258(re.sub(r'(?i)<meta charset="?utf-8"?>', "", reply.body.decode()))
    declared = "; charset=windows-1258" if options.get("declared", True) else ""
    return _changed(replace(reply, content_type=f"text/html{declared}"), body)


def invalid_utf8(reply: Reply, asked: Asked, options: Options) -> Reply:
    """Every fortieth `á` loses its second byte; lone continuation bytes stand at the end."""
    pieces = reply.body.split("á".encode())
    joints = [b"\xc3" if place % 40 == 39 else "á".encode() for place in range(len(pieces) - 1)]
    woven = b"".join(piece + joint for piece, joint in zip(pieces, [*joints, b""], strict=True))
    return _changed(reply, woven + b"\x80\xfe\xff")


def cookie_wall(reply: Reply, asked: Asked, options: Options) -> Reply:
    """Whoever runs the script and comes back with the cookie is let in, as on the real sites."""
    if "D1N=" in asked.headers.get("cookie", ""):
        return reply
    page = (
        '<html><body><script>document.cookie="D1N=6f2a9c1e"+"; expires=Fri, 31-Dec-2099 23:55:55 '
        'GMT; path=/";window.location.reload(true);</script></body></html>'
    )
    return Reply(200, page.encode(), reply.kind, validators=False)


def challenge(reply: Reply, asked: Asked, options: Options) -> Reply:
    page = (
        "<html><head><title>Just a moment...</title></head><body><p>Vui lòng xác nhận bạn không phải "
        "là người máy.</p></body></html>"
    )
    return Reply(403, page.encode(), reply.kind, validators=False)


def login_page(reply: Reply, asked: Asked, options: Options) -> Reply:
    form = (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Đăng nhập</title></head>'
        "<body><h1>Đăng nhập</h1>"
        '<form method="post" action="/dang-nhap"><label>Tên đăng nhập <input name="user"></label>'
        '<label>Mật khẩu <input type="password" name="password"></label><button>Đăng nhập</button></form>'
        "<p>Bạn cần đăng nhập để xem nội dung này.</p></body></html>"
    )
    return Reply(200, form.encode(), reply.kind)


def parked(reply: Reply, asked: Asked, options: Options) -> Reply:
    page = (
        "<html><head><title>This domain is for sale</title></head><body>"
        "<h1>Tên miền này đang được rao bán</h1>"
        '<p>The domain is parked. <a href="https://registrar.example/buy">Buy this domain</a></p>'
        "</body></html>"
    )
    return Reply(200, page.encode(), reply.kind)


def empty_page(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(replace(reply, status=200), b"")


def empty_article(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(reply, _BODY.sub(b"", reply.body))


def huge_page(reply: Reply, asked: Asked, options: Options) -> Reply:
    many = _megabytes(options, 50)
    return _changed(reply, reply.body + b"<p>lorem ipsum dolor sit amet, </p>" * (many * 1024 * 1024 // 34))


def not_html(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(
        replace(reply, content_type="application/pdf"),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\n%%EOF\n",
    )


def feed_html(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(
        replace(reply, content_type=HTML),
        b"<!DOCTYPE html><html><head><title>RssPage.html</title></head><body>RssPage.html</body></html>",
    )


def feed_broken(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(
        reply, reply.body.replace(b"<title>", b"<title>Tin & ", 2).removesuffix(b"</channel></rss>\n")
    )


def feed_empty(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(reply, re.sub(rb"<item>.*</item>\n", b"", reply.body, flags=re.DOTALL))


def feed_naive_dates(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(reply, re.sub(rb" (?:GMT\+7|\+0000)</pubDate>", b"</pubDate>", reply.body))


def feed_foreign(reply: Reply, asked: Asked, options: Options) -> Reply:
    to = str(options.get("to", "https://other.example")).rstrip("/").encode()
    return _changed(reply, re.sub(rb"<(link|guid)>https?://[^/<]+", rb"<\1>" + to, reply.body))


def empty_listing(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _changed(reply, _LINK.sub(b'href="javascript:;"', reply.body))


def robots_forbid(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _robots(b"User-agent: *\nDisallow: /\n")


def robots_delay(reply: Reply, asked: Asked, options: Options) -> Reply:
    return _robots(f"User-agent: *\nCrawl-delay: {options.get('seconds', 5)}\nDisallow: /api/\n".encode())


def robots_500(reply: Reply, asked: Asked, options: Options) -> Reply:
    return replace(status(500), kind="robots")


def robots_404(reply: Reply, asked: Asked, options: Options) -> Reply:
    return replace(status(404), kind="robots")


def _robots(body: bytes) -> Reply:
    return Reply(200, body, "robots", "text/plain")


def _led(to: str, options: Options) -> Reply:
    return Reply(int(str(options.get("status", 302))), headers=(("Location", to),))


def _changed(reply: Reply, body: bytes) -> Reply:
    """The reply with another body, that has no validators of its own."""
    return replace(reply, body=body, etag=None, modified_at=None)


def _encoded(reply: Reply, name: str, body: bytes) -> Reply:
    etag = f'{reply.etag[:-1]}-{name}"' if reply.etag else None
    headers = (*reply.headers, ("Content-Encoding", name), ("Vary", "Accept-Encoding"))
    return replace(reply, body=body, etag=etag, headers=headers, delivery=WHOLE)


def _accepts(asked: Asked, name: str) -> bool:
    return name in asked.headers.get("accept-encoding", "")


def _megabytes(options: Options, default: int) -> int:
    return min(int(str(options.get("megabytes", default))), _MOST_MEGABYTES)


@lru_cache(maxsize=2048)
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


@lru_cache(maxsize=2048)
def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=4))


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"<p>" + b" " * (1024 * 1024 - 3)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])
