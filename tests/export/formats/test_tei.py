"""tei/: each file valid by the TEI's own DTD, its spans where the flags are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.export.formats.tei import tei_of
from crawler.export.formats.teielements import NAMESPACE, XML_ID, Element
from tests.export.formats.writing import ABOUT, BIG, bare, hostile, told, written

TEI = {"t": NAMESPACE}


@pytest.fixture(scope="module")
def dtd() -> etree.DTD:
    with files("trafilatura").joinpath("data/tei_corpus.dtd").open("rb") as file:
        return etree.DTD(file)


def read(folder: Path, name: str) -> Element:
    huge = etree.XMLParser(huge_tree=True)  # a paragraph of ten megabytes is one text node
    return etree.parse(folder / "tei" / name, huge).getroot()


def found(root: Element, path: str) -> list[Any]:
    matched = root.xpath(path, namespaces=TEI)
    assert isinstance(matched, list)
    return matched


def text(element: Element) -> str:
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def between(root: Element, name: str) -> str:
    """The text between two anchors, as any reader of the XML has it."""
    within, text = False, ""
    for event, one in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and one.get(XML_ID) == f"{name}.from":
            within = True
        if event == "start" and one.get(XML_ID) == f"{name}.to":
            return text
        if within:
            text += (one.text if event == "start" else one.tail) or ""
    raise AssertionError(f"no anchors of {name}")


def test_every_file_is_valid(dtd: etree.DTD, tmp_path: Path) -> None:
    remarks = written(
        "tei", [told(), bare(), hostile(), told(4, lead=None, body="", images=[])], tmp_path / "out"
    )
    paths = sorted((tmp_path / "out/tei").iterdir())
    assert len(paths) == 4
    for path in paths:
        root = etree.parse(path).getroot()
        assert dtd.validate(root), (path.name, dtd.error_log)
        targets = {
            one.lstrip("#")
            for one in found(root, "//t:note/@target | //@targetEnd | //@corresp | //t:catRef/@target")
        }
        assert targets <= set(found(root, "//@xml:id"))
    assert remarks[0].endswith("control characters stand as U+FFFD there, first in article 3")


def test_title_lead_and_paragraphs_are_told_apart(tmp_path: Path) -> None:
    written("tei", [told()], tmp_path / "out")
    root = read(tmp_path / "out", "2026-11-23_baohatinh_0000001.xml")
    head, lead, *body = found(root, "//t:body/t:div/t:head | //t:body/t:div/t:p")
    assert text(head) == told()["title"]
    assert (lead.get("rend"), text(lead)) == ("lead", told()["lead"])
    assert [text(one) for one in body] == told()["body"].split("\n\n")


def test_the_header_says_where_it_is_from(tmp_path: Path) -> None:
    written("tei", [told()], tmp_path / "out")
    root = read(tmp_path / "out", "2026-11-23_baohatinh_0000001.xml")
    bibl = root.find(".//t:sourceDesc/t:bibl", TEI)
    assert bibl is not None
    assert bibl.findtext("t:publisher", None, TEI) == "baohatinh"
    assert bibl.findtext("t:pubPlace", None, TEI) == "ha-tinh"
    assert bibl.findtext("t:idno", None, TEI) == told()["url"]
    assert [one.get("when") for one in bibl.findall("t:date", TEI)] == ["2026-11-23T11:00:00+07:00"]
    assert [one.text for one in root.findall(".//t:keywords/t:term", TEI)] == ["công đoàn", "tiền lương"]
    assert [one.text for one in root.findall(".//t:category//t:term", TEI)] == ["dinh_cong", "luong"]


def test_a_day_is_not_told_as_a_midnight(tmp_path: Path) -> None:
    written("tei", [told(published_precision="day")], tmp_path / "out")
    root = read(tmp_path / "out", "2026-11-23_baohatinh_0000001.xml")
    assert found(root, "//t:bibl/t:date/@when") == ["2026-11-23"]


def test_spans_lie_where_the_flags_are() -> None:
    root = tei_of(told(), ABOUT)
    rules = found(root, "//t:note[@type='rule']")
    assert [between(root, one.get("target")[1:-5]) for one in rules] == ["đình công", "đình công"]
    assert [one.get("corresp") for one in rules] == ["#r1", "#r2"]
    (figure,) = found(root, "//t:note[@type='figure']")
    assert between(root, figure.get("target")[1:-5]) == figure.text == told()["figures"][0]["text"]


@pytest.mark.parametrize(
    ("body", "span", "expected"),
    [
        ("ab\n\ncd", [0, 6], "abcd"),  # over two paragraphs
        ("ab\n\ncd", [3, 6], "cd"),  # from within the blank line
        ("ab\n\n\n\ncd", [0, 4], "ab"),
        ("a\U0001f3edđb", [1, 3], "\U0001f3edđ"),  # code points
        ("ab", [1, 9], "b"),  # beyond the end
        ("a\r\nb", [0, 4], "ab"),
        ("", [0, 0], ""),
        ("<&]]>", [1, 4], "&]]"),
    ],
)
def test_a_span_may_lie_anywhere(body: str, span: list[int], expected: str) -> None:
    flag = {**told()["flags"][0], "field": "body", "spans": [span]}
    root = tei_of(told(body=body, flags=[flag], documents=[], figures=[]), ABOUT)
    assert between(root, "s1") == expected


def test_overlapping_spans_are_told_each(dtd: etree.DTD) -> None:
    flags = [{**told()["flags"][0], "spans": [[0, 9], [5, 12], [5, 9]]}]
    root = tei_of(told(flags=flags), ABOUT)
    title = told()["title"]
    assert [between(root, f"s{number}") for number in (1, 2, 3)] == [title[:9], title[5:12], title[5:9]]
    assert dtd.validate(root)


def test_an_article_of_ten_megabytes_is_one_file(tmp_path: Path) -> None:
    written("tei", [told(body=BIG)], tmp_path / "out")
    root = read(tmp_path / "out", "2026-11-23_baohatinh_0000001.xml")
    assert len(text(root)) > len(BIG)


@given(st.text("ađ\U0001f3ed\n", max_size=12), st.integers(0, 14), st.integers(0, 14))
@settings(max_examples=60, deadline=None)
def test_what_lies_between_two_anchors_is_the_span_without_its_line_ends(
    body: str, one: int, other: int
) -> None:
    start, end = sorted((one, other))
    flag = {**told()["flags"][0], "field": "body", "spans": [[start, end]]}
    root = tei_of(told(body=body, flags=[flag], documents=[], figures=[]), ABOUT)
    assert between(root, "s1") == body[start:end].replace("\n", "")
