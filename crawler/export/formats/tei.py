"""`tei`: TEI P5, one file an article, for oXygen, TXM and their like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from lxml import etree

from crawler.export.formats.characters import Characters, stem
from crawler.export.formats.seam import About, Place, Tallied, Told
from crawler.export.formats.teielements import XML_ID, XML_LANG, E, Element
from crawler.export.formats.teiheader import categories_of, header_of
from crawler.export.formats.teitext import spots, standoff_of, text_of


class Tei:
    """tei/ with a file an article: tools for texts import folders, and one broken tool breaks on one text."""

    def __init__(self, place: Place) -> None:
        self._about = place.about
        self._folder = place.folder / "tei"
        self._folder.mkdir()
        self._characters = Characters()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between two cases."""

    def add(self, case: Told) -> None:
        """Write one file."""
        fitting = _fitting(case, self._characters, case["id"])
        written = etree.tostring(
            tei_of(fitting, self._about), encoding="UTF-8", xml_declaration=True, pretty_print=True
        )
        (self._folder / f"{stem(case)}.xml").write_bytes(written)

    def finish(self, tally: Tallied) -> Sequence[str]:
        """What was replaced."""
        return self._characters.remarks("tei")


def tei_of(case: Told, about: About) -> Element:
    """<TEI> of a case whose texts are fit for XML."""
    told = spots(case, categories_of(case))
    standoff = standoff_of(told)
    parts = [header_of(case, about), text_of(case, told), *([] if standoff is None else [standoff])]
    return E.TEI(*parts, {XML_ID: f"a{case['id']}", XML_LANG: "vi"})


def _fitting(value: Any, characters: Characters, article_id: int) -> Any:
    """The same with every text fit for XML."""
    if isinstance(value, str):
        return characters.fit(value, article_id)
    if isinstance(value, list):
        return [_fitting(one, characters, article_id) for one in value]
    if isinstance(value, dict):
        return {key: _fitting(one, characters, article_id) for key, one in value.items()}
    return value
