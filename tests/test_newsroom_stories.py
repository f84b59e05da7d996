"""The newsroom's stories: the same every time, all different, and as true as the pages that carry them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import lxml.html
import pytest

from crawler.urls import article_key
from tests.newsroom import DEFAULT_NOW, NAMES, Newsroom, Setup, Story
from tests.newsroom.markup import VIETNAM
from tests.newsroom.newsroom import PAPERS
from tests.newsroom.spelling import new_tones, printed, slug, windows_1258
from tests.newsroom.wording import library
from tests.newsroom_client import get

CONFIG = tomllib.loads((Path(__file__).parents[1] / "config.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=7, articles=400) as opened:
        yield opened


def flat(text: str) -> str:
    """NFC with single blanks, as reading gives it."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text.replace("\u200b", ""))).strip()


def page_text(html: str) -> str:
    tree = lxml.html.document_fromstring(html)
    texts = tree.xpath(
        "//text()[not(parent::script or parent::style)] | //meta[@name='description']/@content"
    )
    return flat("".join(map(str, texts))) if isinstance(texts, list) else ""


def test_the_same_seed_tells_the_same_stories() -> None:
    one, two, other = (Newsroom(seed=seed, articles=120).all_stories() for seed in (3, 3, 4))
    assert one == two
    assert {story.title for story in one} != {story.title for story in other}


def test_stories_differ_from_each_other(room: Newsroom) -> None:
    stories = room.all_stories()
    assert len({story.key for story in stories}) == len(stories) >= 400
    assert len({story.text for story in stories}) == len(stories)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_carries_the_truth(room: Newsroom, name: str) -> None:
    for story in room.stories(name):
        text = page_text(get(room.home(name), story.path).text)
        paragraphs = [*story.body[:-1], story.body[-1].removesuffix(".") + story.end_mark]
        for part in (story.title, story.lead or "", *paragraphs, *story.captions):
            if part != story.lead or story.shape != "baoquangninh":
                assert flat(part) in text, (story.key, part)
        for author in story.authors:
            assert author in text, story.key


def test_truth_is_nfc_with_single_blanks_and_without_furniture(room: Newsroom) -> None:
    for story in room.all_stories():
        for part in (story.title, *story.body, *story.captions, story.lead or "-"):
            assert part == flat(part)
            assert "./." not in part
            assert "(kontumtv.vn)" not in part
            assert not re.search(r"[{}<>\[\]|]", part), part


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_what_the_shipped_configuration_makes_of_the_address(room: Newsroom, name: str) -> None:
    patterns = [re.compile(pattern) for pattern in CONFIG["sources"][name]["article"]]
    skips = [re.compile(pattern) for pattern in CONFIG["sources"][name]["skip"]]
    for story in room.stories(name):
        assert article_key(name, story.url(room.home(name)), patterns) == story.key
        assert not any(skip.search(story.path) for skip in skips), story.path


def test_times_reach_from_the_last_hours_sixty_days_back(room: Newsroom) -> None:
    for name in NAMES:
        times = [story.posted_at for story in room.stories(name)]
        assert times == sorted(times, reverse=True)
        assert 0 < (DEFAULT_NOW - times[0]).total_seconds() < 24 * 3600 * 3
        assert all(at.tzinfo is not None for at in times)


def test_the_portal_dates_nothing_and_says_so(room: Newsroom) -> None:
    for story in room.stories("congan_kontum"):
        assert story.published_at is None
        assert story.precision is None
        html = get(room.home("congan_kontum"), story.path).text
        assert story.posted_at.astimezone(VIETNAM).strftime("%d/%m/%Y") not in html


def test_kontumtv_shows_no_date_in_its_visible_text(room: Newsroom) -> None:
    for story in room.stories("kontumtv")[:20]:
        html = get(room.home("kontumtv"), story.path).text
        local = story.posted_at.astimezone(VIETNAM)
        assert f"{local.day}/{local.month}/{local.year}" not in page_text(html)
        assert "article:published_time" in html


def test_topics_hard_cases_and_spellings_are_all_there(room: Newsroom) -> None:
    stories = room.all_stories()
    on_topic = [story for story in stories if story.on_topic]
    assert 0.2 < len(on_topic) / len(stories) < 0.45
    assert all(bool(story.topics) == story.on_topic for story in stories)
    assert sum(story.hard and not story.on_topic for story in stories) > 15
    told = Counter(topic for story in stories for topic in story.topics)
    assert set(told) == set(SIGNS)
    spelt = Counter(kind for story in stories for kind in story.spelling)
    assert set(spelt) == {"nfd", "nbsp", "double-blanks", "new-tones", "capitals", "zero-width"}


SIGNS = {
    "phong_trao": "an ninh tổ quốc|antq",
    "ngay_hoi": "ngày hội toàn dân bảo vệ an ninh tổ quốc",
    "chi_thi_09_ket_luan_44": "44-kl/tw|kết luận 44|kết luận số 44|chỉ thị số 09",
    "nghi_quyet_12": "12-nq/tw|nghị quyết (?:số )?12",
    "cong_an_xa": "công an xã chính quy",
    "mo_hinh_tu_quan": "tự quản|xứ đạo bình yên|giáo xứ bình yên",
    "giao_nop_vu_khi": "giao nộp",
    "luc_luong_co_so": "bảo vệ an ninh, trật tự",
    "phoi_hop_doan_the": "công an lắng nghe ý kiến nhân dân",
    "an_toan_antt": "an toàn về an ninh, trật tự",
    "lanh_dao_antt": "lãnh đạo.* công tác bảo (?:vệ|đảm) an ninh|thế trận lòng dân",
}


def test_on_topic_stories_name_what_they_are_about() -> None:
    for story in Newsroom(seed=11, articles=600).all_stories():
        text = f"{story.title} {story.text}".lower()
        for topic in story.topics:
            assert re.search(f"{SIGNS[topic]}|{new_tones(SIGNS[topic])}", text), (topic, story.key)


def test_everyday_stories_never_name_the_movement() -> None:
    for story in Newsroom(seed=12, articles=600).all_stories():
        if not story.on_topic and not story.hard:
            assert "an ninh tổ quốc" not in f"{story.title} {story.text}".lower(), story.key


def test_the_five_seed_like_stories_stand_on_the_home_pages(room: Newsroom) -> None:
    for name in NAMES:
        story = room.seed_like(name)
        assert story.on_topic
        assert story.path in get(room.home(name), "/").text


def test_every_recipe_fills_all_its_slots() -> None:
    papers = [make(Setup(stories=3)) for make in PAPERS]
    for kind in library.recipes():
        for story in chain.from_iterable(paper.publish(4, kind) for paper in papers):
            assert not re.search(r"[{}<>\[\]|]", f"{story.title} {story.text}"), story.text


def test_old_and_new_shapes_stand_side_by_side(room: Newsroom) -> None:
    shapes = Counter(story.shape for story in room.all_stories())
    assert set(shapes) == {
        "epi", "epi-old", "epi-tv", "baoquangninh", "baoquangninh-old", "wordpress", "portal"
    }  # fmt: skip
    assert shapes["epi-old"] >= 24
    assert all(story.posted_at.year == 2021 for story in room.all_stories() if story.shape == "epi-old")


def test_pages_weigh_what_was_asked_for() -> None:
    with Newsroom(seed=1, articles=20, setup=Setup(page_bytes=90_000)) as heavy:
        for name in NAMES:
            body = get(heavy.home(name), heavy.stories(name)[0].path).body
            assert 85_000 < len(body) <= 90_000


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Tỉnh ủy họp, hòa giải thành", "Tỉnh uỷ họp, hoà giải thành"),
        ("Ủy ban thủy lợi, khóa quý", "Uỷ ban thuỷ lợi, khoá quý"),
        ("hoàn thành, thuyền, hoạt", "hoàn thành, thuyền, hoạt"),
    ],
)
def test_new_tones_move_marks_in_open_syllables_only(written: str, wanted: str) -> None:
    assert new_tones(written) == wanted


def test_slugs_are_bare_letters() -> None:
    assert slug("Đắk Tô: “Giữ bình yên” – 24/7!") == "dak-to-giu-binh-yen-24-7"


def test_windows_1258_survives_the_way_back() -> None:
    text = "Phong trào toàn dân bảo vệ an ninh Tổ quốc ở Hưng Yên: ưỡ ặ ễ ộ ợ đ"
    assert unicodedata.normalize("NFC", windows_1258(text).decode("cp1258")) == text


def test_odd_spelling_reads_back_as_the_truth() -> None:
    text = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai"
    shown = printed(text, frozenset({"nfd", "nbsp", "double-blanks", "zero-width"}))
    assert "&nbsp;" in shown
    assert "  " in shown
    assert page_text(f"<p>{shown}</p>") == text


def older_than(stories: tuple[Story, ...], year: int) -> list[Story]:
    return [story for story in stories if story.posted_at.year < year]


def test_baohungyen_keeps_a_few_addresses_of_2021(room: Newsroom) -> None:
    old = older_than(room.stories("baohungyen"), 2022)
    assert old
    assert all(re.match(r"/[a-z-]+/2021\d\d/.+-[0-9a-f]{7}/$", story.path) for story in old)
