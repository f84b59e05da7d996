"""Labelled reprints: a story as other papers print it again, and texts that only look like one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from storage.records import Article, Dating
from tests.newsroom.spelling import new_tones
from tests.newsroom.story import Story
from tests.newsroom.wording import library
from tests.newsroom.wording.casting import cast_for
from tests.newsroom.wording.places import province
from tests.newsroom.wording.recipe import tell

AT = datetime.fromisoformat("2026-11-20T07:00:00+07:00")
_FURNITURE = (
    "Theo TTXVN/Vietnam+",
    "Xem thêm: Nhiều địa phương chủ động phòng, chống thiên tai trong những tháng cuối năm",
    "Mời bạn đọc theo dõi tin tức trên trang Zalo của tòa soạn.",
)
_OWN = (
    "Trao đổi thêm với phóng viên, một cán bộ nhiều năm gắn bó với cơ sở cho rằng cách làm này không "
    "mới, nhưng "
    "cái khó là giữ được nhịp đều đặn khi phong trào qua đi, khi kinh phí eo hẹp và người làm thay đổi.",
    "Ở nhiều nơi khác, người dân cũng đang chờ những thay đổi tương tự, bởi chuyện bình yên của xóm "
    "làng bao giờ "
    "cũng bắt đầu từ những việc nhỏ nhất mà ai cũng có thể góp một tay.",
)
_LEAD = "Câu chuyện dưới đây được nhiều bạn đọc quan tâm và gửi câu hỏi về tòa soạn tuần qua."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, and whether one is a copy of the other."""

    kind: str
    one: Article
    other: Article
    copy: bool


def article(story: Story) -> Article:
    """The story as diembao stores it."""
    dated = Dating(story.published_at or story.posted_at, "minute", "meta")
    body = "\n\n".join(story.body)
    return Article(
        story.key, story.site, "", story.title, story.lead, body, story.authors, None, (), dated, ()
    )


def copies(story: Article, chance: Random) -> Iterator[Pair]:
    """One pair for each way in which papers take a story over; the copy stands in another paper."""
    for kind, change in _WAYS.items():
        printed = replace(story, key=f"khac:{kind}:{story.key}", source="khac")
        yield Pair(kind, story, change(printed, chance), copy=True)


def look_alikes(chance: Random) -> Iterator[Pair]:
    """Pairs that share much of their words and are not one story."""
    for kind, frame in _SERIES.items():
        first, second = (_told(kind, frame, chance, day) for day in sorted(chance.sample(range(28), 2)))
        if first.body != second.body:  # the same name drawn twice is the same notice
            yield Pair(kind, first, second, copy=False)
    yield _same_recipe(chance)
    yield _same_event(chance)
    yield _same_resolution(chance)
    yield _digest(chance)


# --- ways to take a story over ---


def _paragraphs(printed: Article) -> list[str]:
    return printed.body.split("\n\n")


def _with(printed: Article, paragraphs: list[str]) -> Article:
    return replace(printed, body="\n\n".join(paragraphs))


def _exact(printed: Article, chance: Random) -> Article:
    return printed


def _retitled(printed: Article, chance: Random) -> Article:
    return replace(printed, title="Chuyện ở cơ sở: " + " ".join(printed.title.split()[::-1]))


def _cut(printed: Article, chance: Random) -> Article:
    """The last third is left out, counted in syllables."""
    words = len(printed.body.split()) * 2 // 3
    kept: list[str] = []
    for paragraph in _paragraphs(printed):
        if sum(len(one.split()) for one in kept) < words:
            kept.append(paragraph)
    return _with(printed, kept)


def _without_middle(printed: Article, chance: Random) -> Article:
    paragraphs = _paragraphs(printed)
    del paragraphs[chance.randrange(1, len(paragraphs) - 1)]
    return _with(_retitled(printed, chance), paragraphs)


def _added(printed: Article, chance: Random) -> Article:
    paragraphs = _paragraphs(printed)
    paragraphs.insert(chance.randrange(1, len(paragraphs)), chance.choice(_OWN))
    return _with(printed, paragraphs)


def _own_lead(printed: Article, chance: Random) -> Article:
    return replace(printed, lead=_LEAD)


def _lead_in_body(printed: Article, chance: Random) -> Article:
    return replace(printed, lead=None, body="\n\n".join([printed.lead or "", printed.body]).strip())


def _framed(printed: Article, chance: Random) -> Article:
    lead = f"(TTXVN) - {printed.lead}" if printed.lead else None
    return _with(replace(printed, lead=lead), [*_paragraphs(printed), *_FURNITURE])


def _one_sentence(printed: Article, chance: Random) -> Article:
    paragraphs = _paragraphs(printed)
    place = chance.randrange(len(paragraphs))
    sentences = paragraphs[place].split(". ")
    sentences[-1] = (
        "Những việc ấy, theo nhiều người dân, tuy nhỏ nhưng đã thật sự làm thay đổi nếp sống nơi đây."
    )
    paragraphs[place] = ". ".join(sentences)
    return _with(printed, paragraphs)


def _house_style(printed: Article, chance: Random) -> Article:
    """Long names for short ones, curly quotes, new tone placement."""
    changes = {
        "UBND": "Ủy ban nhân dân",
        " TP ": " thành phố ",
        '"': "”",
        "người dân": "bà con",
        " và ": " cùng ",
    }
    body = printed.body
    for before, after in changes.items():
        body = body.replace(before, after, 2)
    return replace(printed, body=new_tones(body), title=new_tones(printed.title))


_WAYS: Mapping[str, Callable[[Article, Random], Article]] = {
    "exact": _exact,
    "retitled": _retitled,
    "cut by a third": _cut,
    "without a paragraph": _without_middle,
    "with a paragraph added": _added,
    "with a lead of its own": _own_lead,
    "lead within the body": _lead_in_body,
    "framed by an agency's furniture": _framed,
    "one sentence edited": _one_sentence,
    "in house style": _house_style,
}


# --- what only looks like a reprint ---


def _told(
    kind: str, frame: Callable[[Random, datetime], tuple[str, str]], chance: Random, day: int
) -> Article:
    at = AT - timedelta(days=day)
    title, body = frame(chance, at)
    source = chance.choice(("baohatinh", "baohungyen"))
    dated = Dating(at, "minute", "meta")
    return Article(f"{source}:{kind}{day}", source, "", title, None, body, (), None, (), dated, ())


def _weather(chance: Random, at: datetime) -> tuple[str, str]:
    day = f"{at.day}/{at.month}"
    low, high = chance.randint(15, 22), chance.randint(24, 33)
    parts = [
        f"{place}: Nhiều mây, "
        f"{chance.choice(('có mưa rào vài nơi', 'không mưa', 'có mưa, mưa nhỏ rải rác'))}. "
        f"Gió {chance.choice(('đông bắc', 'đông', 'nam'))} cấp {chance.randint(2, 4)}. Độ ẩm từ "
        f"{chance.randint(60, 75)} đến {chance.randint(80, 98)}%. Nhiệt độ thấp nhất {low + shift} độ "
        f"C, nhiệt độ "
        f"cao nhất {high + shift} độ C, vùng núi có nơi dưới {low - 3} độ C."
        for shift, place in enumerate(
            ("Phía Tây Bắc Bộ", "Phía Đông Bắc Bộ", "Thanh Hóa đến Huế", "Tây Nguyên")
        )
    ]
    intro = f"Theo Trung tâm Dự báo khí tượng thủy văn, đêm {day} và ngày mai các vùng có thời tiết:"
    end = (
        "Trong mưa dông có khả năng xảy ra lốc, sét và gió giật mạnh; người dân cần theo dõi các bản "
        "tin tiếp theo, "
        "hạn chế ra ngoài khi không cần thiết và chủ động bảo vệ mùa màng, vật nuôi."
    )
    return f"Dự báo thời tiết ngày {day}", "\n\n".join([intro, *parts, end])


def _prices(chance: Random, at: datetime) -> tuple[str, str]:
    day = f"{at.day}/{at.month}"
    base = chance.randint(140, 155)
    text = (
        f"Sáng {day}, giá vàng miếng trong nước được các doanh nghiệp niêm yết quanh mức "
        f"{base},{chance.randint(1, 9)} "
        f"triệu đồng/lượng mua vào và {base + 2},{chance.randint(1, 9)} triệu đồng/lượng bán ra.\n\n"
        "Chênh lệch giữa chiều mua và chiều bán được giữ ở mức cao, khiến người mua lướt sóng gặp nhiều "
        "rủi ro. Giới "
        "phân tích cho rằng nhà đầu tư cá nhân nên thận trọng, không nên vay mượn để mua vàng trong "
        "giai đoạn giá biến "
        "động mạnh và chỉ nên giao dịch tại các cửa hàng được cấp phép.\n\n"
        f"Trên thị trường thế giới, giá vàng giao ngay đứng ở {chance.randint(3900, 4200)} USD/ounce. "
        f"Quy đổi theo tỷ "
        "giá của ngân hàng thương mại, chưa kể thuế và phí, giá vàng trong nước vẫn cao hơn giá thế "
        "giới.\n\n"
        "Các chuyên gia dự báo trong ngắn hạn giá kim loại quý còn chịu tác động của lãi suất, của đồng "
        "USD và của nhu "
        "cầu mua vào từ các ngân hàng trung ương."
    )
    return f"Giá vàng hôm nay {day}", text


def _lottery(chance: Random, at: datetime) -> tuple[str, str]:
    prizes = " ".join(
        f"Giải {name}: {chance.randrange(100000):05}." for name in ("nhất", "nhì", "ba", "tư", "năm")
    )
    rules = (
        "Người trúng thưởng mang vé còn nguyên vẹn, không tẩy xóa, không chắp vá cùng giấy tờ tùy thân "
        "đến trụ sở công "
        "ty xổ số kiến thiết của tỉnh hoặc đại lý ủy quyền để lĩnh thưởng trong thời hạn ba mươi ngày "
        "kể từ ngày mở "
        "thưởng; quá thời hạn trên vé không còn giá trị. Thuế thu nhập được khấu trừ theo quy định."
    )
    return (
        f"Kết quả xổ số {at.day}/{at.month}",
        f"Giải đặc biệt: {chance.randrange(1000000):06}. {prizes}\n\n{rules}",
    )


def _obituary(chance: Random, at: datetime) -> tuple[str, str]:
    name = " ".join(chance.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
    born = chance.randint(1930, 1950)
    village = chance.choice(("Yên Lộc", "Phú Thọ", "Đông Thành", "Xuân Hòa", "Kỳ Long", "Bình Minh"))
    text = (
        "Ban Thường vụ Đảng ủy, Ủy ban nhân dân, Ủy ban Mặt trận Tổ quốc Việt Nam xã cùng gia đình vô "
        "cùng thương tiếc "
        f"báo tin: đồng chí {name}, sinh năm {born}, quê quán thôn {village}, nguyên cán bộ lão thành, "
        f"Huy hiệu "
        f"{chance.choice((50, 55, 60, 65))} năm tuổi Đảng, sau một thời gian lâm bệnh, được gia đình và "
        f"các thầy thuốc "
        "tận tình chăm sóc nhưng do tuổi cao sức yếu đã từ trần.\n\n"
        f"Lễ viếng bắt đầu từ {chance.randint(6, 10)} giờ ngày {at.day}/{at.month} tại nhà văn hóa thôn "
        f"{village}. Lễ "
        f"truy điệu và đưa tang lúc {chance.randint(13, 16)} giờ cùng ngày, an táng tại nghĩa trang quê "
        f"nhà. Tang lễ "
        "được tổ chức theo nếp sống văn hóa mới, gia đình xin miễn nhận vòng hoa và phúng điếu."
    )
    return f"Tin buồn: đồng chí {name}", text


def _greeting(chance: Random, at: datetime) -> tuple[str, str]:
    place = chance.choice(
        ("giáo xứ Kẻ Mui", "giáo xứ Vĩnh Phước", "chùa Hương Tích", "trường Nguyễn Du", "trường Lê Lợi")
    )
    leader = " ".join(chance.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
    text = (
        f"Nhân dịp ngày lễ trọng, đoàn công tác của tỉnh do đồng chí {leader} làm trưởng đoàn đã đến "
        f"thăm, tặng quà và "
        f"chúc mừng {place}.\n\nTại nơi đến thăm, thay mặt lãnh đạo tỉnh, trưởng đoàn ân cần hỏi thăm "
        f"sức khỏe, thông "
        "tin những nét lớn về tình hình phát triển kinh tế, xã hội, quốc phòng, an ninh của địa phương "
        "trong năm qua, "
        "ghi nhận những đóng góp tích cực của mọi người vào thành quả chung, mong muốn tiếp tục phát "
        "huy truyền thống "
        "đoàn kết, hăng hái thi đua lao động, học tập, chấp hành tốt chủ trương của Đảng, chính sách, "
        "pháp luật của "
        f"Nhà nước.\n\nĐại diện {place} bày tỏ cảm ơn sự quan tâm của lãnh đạo tỉnh và hứa sẽ tiếp tục "
        f"vận động mọi "
        "người sống tốt đời đẹp đạo, góp phần xây dựng quê hương ngày càng giàu đẹp, văn minh."
    )
    return f"Lãnh đạo tỉnh thăm, chúc mừng {place}", text


def _power_cuts(chance: Random, at: datetime) -> tuple[str, str]:
    lines = "\n\n".join(
        f"Từ {chance.randint(5, 9)} giờ đến {chance.randint(11, 17)} giờ: mất điện trạm biến áp {name} "
        f"để thi công đường "
        "dây và bảo dưỡng định kỳ thiết bị, ảnh hưởng một phần khu vực lân cận."
        for name in chance.sample(
            ("Đồng Lộc", "Yên Hòa", "Thạch Khê", "Cẩm Bình", "Kỳ Anh", "Hương Sơn", "Can Lộc"), 4
        )
    )
    text = (
        f"Công ty Điện lực thông báo lịch ngừng, giảm cung cấp điện ngày {at.day}/{at.month} trên địa "
        f"bàn tỉnh để khách "
        f"hàng chủ động sắp xếp sinh hoạt và sản xuất.\n\n{lines}\n\nNếu công việc hoàn thành sớm hoặc "
        f"thời tiết không "
        "thuận lợi, ngành điện sẽ đóng điện sớm hơn hoặc lùi lịch mà không báo trước; mong khách hàng "
        "thông cảm và hợp "
        "tác. Mọi thắc mắc xin liên hệ tổng đài chăm sóc khách hàng hoạt động suốt ngày đêm."
    )
    return f"Lịch cắt điện ngày {at.day}/{at.month}", text


_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Võ", "Đặng")
_MIDDLE = ("Văn", "Thị", "Đình", "Xuân", "Quang", "Minh")
_GIVEN = ("Hòa", "Bình", "Lâm", "Tuyết", "Sơn", "Hạnh", "Dũng", "Lan")
_SERIES: Mapping[str, Callable[[Random, datetime], tuple[str, str]]] = {
    "weather": _weather,
    "prices": _prices,
    "lottery": _lottery,
    "obituary": _obituary,
    "greeting": _greeting,
    "power cuts": _power_cuts,
}


def _drafted(recipe: str, site: str, chance: Random, day: int = 0) -> Article:
    at = AT - timedelta(days=day)
    draft = tell(library.recipes()[recipe], cast_for(province(site), at, chance), chance)
    key = f"{site}:{recipe}:{chance.randrange(10**9)}"
    body = "\n\n".join(draft.body)
    dated = Dating(at, "minute", "meta")
    return Article(key, site, "", draft.title, draft.lead, body, (), None, (), dated, ())


def _same_recipe(chance: Random) -> Pair:
    """One kind of story in two provinces: the same sentences of other people and places."""
    recipe = chance.choice(sorted(library.recipes()))
    pair = _drafted(recipe, "baohatinh", chance), _drafted(recipe, "baohungyen", chance, day=3)
    return Pair("same kind of story", *pair, copy=False)


def _same_event(chance: Random) -> Pair:
    """Two reporters in one hall: the speeches are the same, the reports are their own."""
    recipes = chance.sample(sorted(library.recipes()), 3)
    one, other, speech = (_drafted(recipe, "baohatinh", chance) for recipe in recipes)
    shared = _paragraphs(speech)[:2]
    first = _with(one, [*_paragraphs(one)[:2], *shared, *_paragraphs(one)[2:]])
    second = _with(replace(other, source="baohungyen"), [*_paragraphs(other), *shared])
    return Pair("two reports of one event", first, second, copy=False)


def _same_resolution(chance: Random) -> Pair:
    """Two localities carry out one long resolution, and quote it at length."""
    recipes = chance.sample(sorted(library.recipes()), 4)
    one, other, *sources = (_drafted(recipe, "baohatinh", chance) for recipe in recipes)
    quoted = [paragraph for source in sources for paragraph in _paragraphs(source)]
    first = _with(one, [*_paragraphs(one)[:4], *quoted])
    second = _with(replace(other, source="kontumtv"), [*_paragraphs(other)[:4], *quoted])
    return Pair("one long resolution quoted", first, second, copy=False)


def _digest(chance: Random) -> Pair:
    """A short item, whole in a digest of many."""
    recipes = chance.sample(sorted(library.recipes()), 6)
    items = [_drafted(recipe, "baohatinh", chance) for recipe in recipes]
    told = [paragraph for item in items for paragraph in (item.lead or "", *_paragraphs(item))]
    digest = _with(replace(items[0], key="x", source="kontumtv", title="Điểm tin", lead=None), told)
    return Pair("an item of a digest", items[0], digest, copy=False)
