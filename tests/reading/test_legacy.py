# ruff: noqa: E501 - markup is easier to judge on one line
"""Texts of the TCVN3 and VNI fonts are converted; Unicode, in whatever language, is left alone."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading import read
from crawler.reading.legacy import TCVN3, VNI, Letters, converted, letters_of, lost_letters
from crawler.syllables import is_syllable
from tests.reading.pages import NOW, article, fetched, hints, reading

TITLE = "Ra quân giữ gìn trật tự ở thôn Đông"
STORY = (
    "Tối qua, hơn hai trăm hộ dân ở thôn Đông cùng công an xã ra quân tháo dỡ những mái che lấn chiếm lòng đường.",
    "Ông Nguyễn Văn Tỵ, tổ trưởng tổ tự quản, kể rằng mỗi tuần các cụ già và thanh niên thay nhau đi tuần quanh làng; “việc nhỏ nhưng bền”, ông nói.",
    "Ủy ban xã sẽ hỗ trợ thêm ba bộ đèn chiếu sáng, và đề nghị các thôn khác học theo cách làm này từ quý sau.",
)
_TO_TCVN3 = {letter: code for code, letter in TCVN3.items()}
_TO_VNI = {letter: code for code, letter in VNI.items() if code[:1].islower() or not letter.islower()}


def typed(text: str, letters: Letters) -> str:
    """The text as it was typed for such a font; capitals with a tone become small in TCVN3."""
    if letters == "VNI":
        return "".join(_TO_VNI.get(letter, letter) for letter in text)
    return "".join(_TO_TCVN3.get(letter, _TO_TCVN3.get(letter.lower(), letter)) for letter in text)


def _page(title: str, story: tuple[str, ...], menu: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    return f"<html><head><title>{title} | Báo Làng</title></head><body>{menu}<h1>{title}</h1><div class='noi-dung'>{paragraphs}</div></body></html>"


def _typed_page(letters: Letters) -> str:
    return _page(typed(TITLE, letters), tuple(typed(line, letters) for line in STORY))


@pytest.mark.parametrize("letters", ["TCVN3", "VNI"])
def test_what_was_typed_for_old_fonts_is_read_in_unicode(letters: Letters) -> None:
    found = reading(_typed_page(letters))
    assert found.article is not None
    assert found.article.title == TITLE
    assert found.article.body == "\n\n".join(STORY).replace("Ủy", "ủy" if letters == "TCVN3" else "Ủy")
    assert found.doubts == (f"letters of {letters} fonts: converted",)


@pytest.mark.parametrize("letters", ["TCVN3", "VNI"])
@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=iso-8859-1", "text/html; charset=windows-1258"]
)
def test_old_letters_are_read_from_western_bytes_too(letters: Letters, content_type: str) -> None:
    written = _typed_page(letters).replace("Báo Làng", "Bao").encode("cp1252")
    found = read(fetched(written, headers=(("Content-Type", content_type),)), hints(), NOW)
    assert found.article is not None
    assert found.article.title == TITLE


@pytest.mark.parametrize("letters", ["TCVN3", "VNI"])
def test_old_letters_written_as_entities_are_read(letters: Letters) -> None:
    escaped = _typed_page(letters).encode("ascii", "xmlcharrefreplace")
    assert article(escaped).title == TITLE


def test_an_old_text_pasted_into_a_page_of_unicode_is_converted_alone() -> None:
    menu = "<ul><li>Toán học</li><li>Có thể bạn thích</li><li>Hoà bình, khoá mới, quý độc giả</li></ul>"
    page = _page(TITLE, (STORY[0], *(typed(line, "TCVN3") for line in STORY[1:])), menu)
    assert article(page).body == "\n\n".join(STORY).replace("Ủy", "ủy")
    assert article(page).title == TITLE


@pytest.mark.parametrize("letters", ["TCVN3", "VNI"])
def test_every_letter_comes_back(letters: Letters) -> None:
    alphabet = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
    assert converted(typed(alphabet, letters), letters) == alphabet
    capitals = "ĂÂÊÔƠƯĐ" if letters == "TCVN3" else alphabet.upper()
    assert converted(typed(capitals, letters), letters) == capitals


WORDS = sorted({word for line in (*STORY, TITLE) for word in line.lower().split()})


@pytest.mark.parametrize("letters", ["TCVN3", "VNI"])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=60))
def test_any_vietnamese_text_typed_and_converted_is_itself(letters: Letters, words: list[str]) -> None:
    text = " ".join(words)
    assert converted(typed(text, letters), letters) == text
    assert letters_of(text) is None


UNICODE = [
    " ".join(STORY),
    "Toán, hoá, khoá, quý, thuý, hoà, xoá, loà, toà, choá, đoá, goá, hoã, oà, uá, quá, nhoà, doà " * 5,
    "Élégant, Noël était déjà né où l'été à Besançon; ça va où tu vas, même là-bas, très tôt, après l’école. "
    * 5,
    "Über München fährt der größte Zug schön früh; Straße, Fuß, Öl, Bäume, Tür, für, hören. " * 5,
    "Señor Muñoz comió piñas mañana, año tras año, en la montaña más pequeña de España. " * 5,
    "A naïve café in São Paulo, a résumé, a façade; © 2024 Acme® µm ±5° ½ cup, ¾ inch, x² » «quoted». " * 5,
    "Giá vàng SJC: mua 82,5 triệu ± 0,2; bán 84,1 | 25° | 3 m² | ®Rolex | ©2024 | µg/m³: 45 " * 10,
    "| 82.500 | 84.100 | ± 200 | ¥ 165 | £ 31.200 | § 12 | ¼ | ½ | ¾ |" * 10,
    "",
]


@pytest.mark.parametrize("text", UNICODE)
def test_no_text_in_unicode_is_taken_for_old_letters(text: str) -> None:
    assert letters_of(text) is None
    found = reading(_page("Bản tin giá cả và thời tiết hôm nay", (text or "x", *STORY)))
    assert found.article is not None
    assert found.article.body.endswith(STORY[-1])
    assert all("fonts" not in doubt for doubt in found.doubts)


@given(st.text(max_size=200))
def test_no_text_breaks_the_conversion(text: str) -> None:
    for letters in ("TCVN3", "VNI"):
        converted(text, letters)
    letters_of(text)
    lost_letters(text)


@pytest.mark.parametrize("run", ["a" * 3_000_000, "®" * 3_000_000, "aø" * 1_000_000, "®µ¸ñø " * 500_000])
def test_long_runs_are_looked_at_once(run: str) -> None:
    begun = time.process_time()
    letters_of(run)
    assert time.process_time() - begun < 5


def test_a_text_typed_without_its_letters_is_reported() -> None:
    bare = "Toi qua hon hai tram ho dan o thon Dong cung cong an xa ra quan thao do nhung mai che lan chiem long duong. "
    found = reading(_page("Ra quan giu gin trat tu", (bare * 4, bare.replace("hai", "ba") * 3)))
    assert found.doubts == ("text without Vietnamese letters: typed so, or in a code that is not known",)
    english = "The village council said on Monday that two hundred households had joined the night patrol this year. "
    assert not lost_letters(english * 5)
    assert not lost_letters(" ".join(STORY) * 3)


@pytest.mark.parametrize("word", ["nghiêng", "Uỷ", "quý", "giếng", "khuỷu", "ở", "QUYẾT", "rượu", "yên", "đ"])
def test_syllables_are_known_by_their_spelling(word: str) -> None:
    assert is_syllable(word) == (word != "đ")


@pytest.mark.parametrize("word", ["Hµ", "Néi", "café", "été", "street", "ngjhe", "áà", ""])
def test_what_is_no_syllable_is_none(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize("twice", ["cp1252", "latin-1"])
def test_a_page_made_utf_8_twice_is_read_once(twice: str) -> None:
    told = _page(TITLE, STORY).replace("“", '"').replace("”", '"')
    mangled = "".join(
        byte.decode(twice) if byte not in b"\x81\x8d\x8f\x90\x9d" else byte.decode("latin-1")
        for byte in (bytes([code]) for code in told.encode())
    )
    found = article(mangled)
    assert found.title == TITLE
    assert found.body.split("\n\n")[0] == STORY[0]


@pytest.mark.parametrize("form", ["named", "decimal"])
def test_entities_escaped_twice_are_shown_as_letters(form: str) -> None:
    def escaped(text: str) -> str:
        return "".join(
            letter
            if letter.isascii()
            else f"&amp;#{ord(letter)};"
            if form == "decimal"
            else html.escape(_named(letter))
            for letter in text
        )

    found = article(_page(escaped(TITLE), tuple(map(escaped, STORY))))
    assert (found.title, found.body) == (TITLE, "\n\n".join(STORY))


def _named(letter: str) -> str:
    from html.entities import codepoint2name

    name = codepoint2name.get(ord(letter))
    return f"&{name};" if name else f"&#{ord(letter)};"
