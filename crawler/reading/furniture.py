"""Lines that belong to the page and not to the story, told by what they say and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.reading.blocks import Block
from crawler.reading.cutting import UNHEARD, Cuts
from crawler.reading.text import bare

_LISTS = (
    r"(?:các )?tin(?: bài)? (?:đã đưa|khác|liên quan|cùng chuyên mục|cũ hơn|nổi bật)",
    r"(?:các )?tin(?: bài)? mới(?: nhất| hơn| cập nhật)?",
    r"những tin (?:mới|cũ) hơn",
    r"bài(?: viết)? (?:liên quan|cùng chuyên mục|khác)",
    r"có thể bạn (?:quan tâm|thích)",
    r"(?:đọc|xem) nhiều(?: nhất)?",
    r"(?:tham khảo|đọc|xem) thêm",
    r"cùng chuyên mục",
    r"từ kh(?:óa|oá|oa)",
    r"(?:viết )?bình luận(?: \(?\d+\)?)?",
    r"ý kiến (?:bạn đọc|độc giả)",
)
_PHRASES = (
    *(f"{phrase}.{{0,3}}" for phrase in _LISTS),
    r"a-?\s*a\s*a\+?.*",
    r".*tăng tương phản.*",
    r"cỡ chữ.*",
    r"(?:xem|đọc|tìm hiểu)(?: thêm| tiếp| ngay)\b.{0,200}",
    r"từ kh(?:óa|oá|oa)\s*:.{0,200}",
    r"tags?\s*:.{0,200}",
    r"chủ đề\s*:.{0,200}",
    r"chia sẻ(?: bài viết| facebook| qua.*|:)?",
    r"\d+ (?:bình luận|lượt xem|thích)",
    r"viết bình luận.*",
    r"ý kiến của bạn.{0,120}",
    r"hãy chia sẻ với bạn bè.?",
    r"tắt \[x\]",
    r"trả lời|thích|gửi(?: bình luận| email| ý kiến| bài)?|bản in|email|facebook|twitter|zalo|print",
    r".{0,4}\{(?:name|body|time)\}.*",
    r"in(?: bài(?: viết)?| trang)?",
    r"lượt xem.{0,20}",
    r"quảng cáo|advertisement",
    r"theo dõi .{0,80}(?:google news|zalo|facebook).{0,40}",
    r"(?:copy link|lấy link|link bài gốc).*",
    r"nghe (?:bài|đọc|audio).{0,40}",
    r"đánh giá (?:bài viết|của bạn).{0,60}",
    r"(?:trở )?(?:về|lên) đầu trang|trở lại .{0,40}",
    r"(?:>>|»+|\+\+\+).{0,200}",
    r"mời (?:quý |các )?(?:vị |độc giả|bạn đọc|bạn|khán giả).{0,40}(?:xem|theo dõi|đọc thêm|nghe).{0,120}",
    r"(?:\d{1,2}:\d{2}[\s,|-]*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:[\s,|-]*\d{1,2}:\d{2})?",
    r"(?:\d{1,2}:\d{2}[\s,|-]*)?(?:thứ \w{1,4}|chủ nhật)\W{0,4}(?:ngày )?"
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.{0,30}",
    r"(?:thứ \w{1,4}|chủ nhật)\W{0,4}(?:ngày )?\d{1,2} tháng \d{1,2}(?:,| năm) \d{4}.{0,30}",
    r"(?:ngày đăng|cập nhật|đăng lúc|ngày cập nhật)\s*:?.{0,50}\d{4}.{0,30}",
    r"video(?: liên quan)?:?|play|loading.*|đang tải.*",
    r"[\w-]+\.(?:jpe?g|png|gif|webp)",
    r"[\W_]+",
)
_LINE = re.compile("|".join(_PHRASES), re.IGNORECASE)
_END = re.compile("|".join(_LISTS), re.IGNORECASE)
_END_MARK = re.compile(r"\s*\.\s*/\s*\.?\s*$")
_SENTENCE = 40  # characters


def why_furniture(block: Block) -> str | None:
    """Why a line is none of the story's: nothing but a link, or one of the phrases all sites print."""
    if block.kind in {"image", "caption", "byline", "lead"}:
        return None
    if block.linked > 0.9:
        return "nothing but a link"
    return "a phrase of the site" if len(block.text) < 260 and _LINE.fullmatch(block.text) else None


def without_furniture(blocks: Sequence[Block], container: HtmlElement, cuts: Cuts = UNHEARD) -> list[Block]:
    """The story's lines: phrases, link lists with their summaries, and all that follows the end are gone."""
    ended = _until_the_end(blocks)
    cuts.lines(
        ((block.text, block.element) for block in blocks[len(ended) :]), "after the heading of another list"
    )
    placed = [(block, _card(block.element, container)) for block in ended]
    cards = {card for block, card in placed if block.kind != "image" and block.linked > 0.9}
    kept = []
    for block, card in placed:
        reason = why_furniture(block) or (
            "beside a link in a list" if card in cards and card is not None else None
        )
        if reason is None:
            kept.append(block)
        else:
            cuts.lines([(block.text, block.element)], reason)
    return kept


def _card(element: HtmlElement | None, container: HtmlElement) -> HtmlElement | None:
    """The list element or teaser that a line stands in; None where it stands in the story itself."""
    for _ in range(4):
        if element is None or element is container:
            return None
        if element.tag in {"li", "article"}:
            return element
        element = element.getparent()
    return None


def _until_the_end(blocks: Sequence[Block]) -> Sequence[Block]:
    """What stands before "Tin liên quan" and its like, unless the story goes on beside it."""
    for place, block in enumerate(blocks):
        if block.kind not in {"image", "caption"} and _END.fullmatch(block.text.strip(" :.»>")):
            homes = {before.element.getparent() for before in blocks[:place] if is_sentence(before)}
            if not any(
                is_sentence(later) and later.element.getparent() in homes for later in blocks[place + 1 :]
            ):
                return blocks[:place]
    return blocks


def is_sentence(block: Block) -> bool:
    """Whether a line is a paragraph of running text."""
    return (
        block.kind == "paragraph"
        and block.linked < 0.5
        and len(block.text) > _SENTENCE
        and block.text[-1] in '.!?…”"'
    )


def end_mark_off(text: str) -> str:
    """`…địa phương./.` ends with one full stop."""
    return _END_MARK.sub(".", text)


def without_repeats(blocks: Sequence[Block], cuts: Cuts = UNHEARD) -> list[Block]:
    """Every long line once: pages print twins for wide and narrow screens."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in blocks:
        key = bare(block.text) if block.kind in {"paragraph", "heading"} and len(block.text) > 60 else ""
        if key and key in seen:
            cuts.lines([(block.text, block.element)], "said twice")
        else:
            kept.append(block)
            seen.add(key)
    return kept
