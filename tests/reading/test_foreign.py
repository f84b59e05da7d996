# ruff: noqa: E501 - markup is easier to judge on one line
"""Pages in other languages than Vietnamese: trafilatura has the last word, and no description is made a lead."""

from __future__ import annotations

import pytest

from crawler.reading import body, generic
from crawler.reading.text import is_vietnamese
from crawler.reading.tree import Tree
from tests.reading.pages import article

STORY = tuple(
    f"On day {n} the ferrymen of the delta carried sacks of rice across the river, and the school on the far bank opened again."
    for n in range(1, 7)
)
DESCRIPTION = "All you need to know about ferries: routes, prices and seasons, gathered by our editors."


def _page(description: str, shown: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return (
        f'<html><head><title>The ferrymen of the delta</title><meta name="description" content="{description}"></head>'
        f"<body><article><h1>The ferrymen of the delta</h1>{shown}<div class='entry-content'>{paragraphs}</div></article></body></html>"
    )


def test_a_description_written_for_search_engines_is_no_lead() -> None:
    found = article(_page(DESCRIPTION))
    assert (found.lead, found.body) == (None, "\n\n".join(STORY))


def test_a_description_that_people_see_is_the_lead() -> None:
    assert article(_page(DESCRIPTION, f"<p class='x'>{DESCRIPTION}</p>")).lead == DESCRIPTION


def test_where_our_reading_and_trafilaturas_differ_trafilaturas_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def other(_tree: Tree) -> list[str]:
        return [line.replace("ferrymen", "boatmen") for line in STORY]

    monkeypatch.setattr(body, "whole_page", other)
    assert article(_page("")).body == "\n\n".join(other(None))  # type: ignore[arg-type]  # takes no notice of it


def test_a_vietnamese_page_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_tree: Tree) -> list[str]:
        raise AssertionError("trafilatura was asked")

    monkeypatch.setattr(body, "whole_page", never)
    monkeypatch.setattr(generic, "whole_page", never)
    told = "Sáng nay, những người lái đò ở hạ lưu lại chở gạo qua sông, và ngôi trường bên kia bờ mở cửa trở lại. "
    page = f"<title>Những người lái đò</title><h1>Những người lái đò ở hạ lưu</h1><div class='x'><p>{told * 2}</p><p>{told * 3}</p></div>"
    assert article(page).body.startswith("Sáng nay")


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        ("Người lái đò chở gạo qua sông", True),
        (STORY[0], False),
        ("L’été dernier, le passeur a été réélu à l’unanimité par les élèves de l’école.", False),
        ("Nguoi lai do cho gao qua song", False),
        ("", False),
    ],
)
def test_vietnamese_is_told_by_its_letters(text: str, is_ours: bool) -> None:
    assert is_vietnamese(text) is is_ours
