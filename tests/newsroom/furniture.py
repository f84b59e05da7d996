"""What surrounds an article on every page: menus, widgets, advertisements, scripts, up to a page's weight."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from random import Random

from tests.newsroom.spelling import printed

PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
_CITIES = (
    "Hà Nội, TP. Hồ Chí Minh, Đà Nẵng, Hải Phòng, Cần Thơ, Huế, Vinh, Nha Trang, Đà Lạt, Pleiku, Hưng Yên"
)
_LABELS = (
    "Thời sự, Chính trị, Kinh tế, Xã hội, Pháp luật, Văn hóa, Thể thao, "
    "Giáo dục, Sức khỏe, Du lịch, Công nghệ,"
    "Đời sống, Xe, Thế giới, Ảnh, Video, Podcast, Bạn đọc, Quảng cáo, Đặt báo, Liên hệ tòa soạn, Rao vặt"
)
_SIGNS = (
    "ga, fb, zalo, ads, cms, slick, player, lazy, menu, poll, weather, push, track, comment, share, rating"
)
MOST_FILLING = 400_000  # bytes that can be filled; a larger page stays smaller than asked


def menu(home: str, sections: tuple[tuple[str, str], ...], name: str) -> str:
    """The paper's head: logo, hot line, sections with their addresses."""
    links = "".join(
        f'<li class="menu-item"><a href="{home}{path}" title="{printed(label)}">{printed(label)}</a></li>'
        for label, path in sections
    )
    return (
        '<header class="site-header"><h2 class="logo">'
        f'<a href="{home}/" title="{printed(name)}">{printed(name)}</a></h2>'
        '<div class="hotline">Đường dây nóng: 0900 000 000</div>'
        f'<nav class="main-menu"><ul>{links}</ul></nav></header>'
    )


def footer(name: str) -> str:
    """The imprint at the end of every page."""
    return (
        f'<footer class="site-footer"><div class="copyright"><p>© Bản quyền thuộc về {printed(name)}</p>'
        "<p>Giấy phép số 00/GP-BTTTT. Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p>"
        "<p>Điện thoại: (0000) 000 000 - Email: toasoan@example.vn</p></div></footer>"
    )


def filled_up(head: str, body: str, weight: int) -> bytes:
    """The whole page, filled with widgets and scripts until it weighs about `weight` bytes."""
    page = f'<!DOCTYPE html>\n<html lang="vi">\n<head>{head}</head>\n<body>{body}'
    start = page.encode()
    missing = weight - len(start) - len(b"</body>\n</html>\n")
    widgets, scripts = _filling(int(missing * 0.6), 0), _filling(int(missing * 0.4), 1)
    return b"".join((start, widgets, scripts, b"</body>\n</html>\n"))


def _filling(size: int, which: int) -> bytes:
    filling, sums = _fillings()[which]
    many = bisect_right(sums, size)
    return filling[: sums[many - 1]] if many else b""


@cache
def _fillings() -> tuple[tuple[bytes, list[int]], tuple[bytes, list[int]]]:
    """Widgets and scripts in one piece each, with the places where one ends."""
    chance = Random("furniture")
    kinds = []
    for make in (_widget, _script):
        pieces: list[bytes] = []
        weight = 0
        while weight < MOST_FILLING:
            pieces.append(make(chance, len(pieces)).encode())
            weight += len(pieces[-1])
        kinds.append((b"".join(pieces), list(accumulate(map(len, pieces)))))
    return kinds[0], kinds[1]


def _widget(chance: Random, number: int) -> str:
    if number % 4 == 3:
        return _banner(chance, number)
    words = (_CITIES if number % 2 else _LABELS).split(",")
    rows = "".join(
        f'<li class="widget__row row-{chance.randrange(90)}">'
        f'<a href="javascript:;" data-id="{chance.randrange(10**6)}" '
        f'title="{word.strip()}"><i class="ic-{chance.randrange(40)}"></i>{word.strip()}</a></li>'
        for word in chance.sample(words, 6)
    )
    return (
        f'<div class="widget widget-{number} clearfix" data-platform="1">'
        f'<ul class="widget__list">{rows}</ul></div>\n'
    )


def _banner(chance: Random, number: int) -> str:
    return (
        f'<div id="adsWeb_Slot{number}" class="banner clearfix" data-platform="1">'
        '<a href="javascript:;" rel="nofollow">'
        f'<img src="{PLACEHOLDER}" data-src="https://cdn.example.vn/ads/{chance.randrange(16**10):010x}.jpg" '
        'alt=""></a></div>\n'
    )


def _script(chance: Random, number: int) -> str:
    sign = chance.choice(_SIGNS.split(", "))
    lines = "".join(
        f"window.{sign}_{chance.randrange(999)}=window.{sign}_{chance.randrange(999)}||function(a,b){{"
        f'return a&&b?a[{chance.randrange(99)}]^"{chance.randrange(16**12):012x}":'
        f"{chance.randrange(10**7)}}};"
        for _ in range(chance.randint(4, 14))
    )
    if number % 5 == 4:
        return (
            f"<style>.{sign}-{number}{{margin:{chance.randrange(40)}px;color:#{chance.randrange(16**6):06x}}}"
            "</style>\n"
        )
    return f"<script>{lines}</script>\n"
