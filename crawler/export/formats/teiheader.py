"""The header of a TEI file: where the text is from, when it was published, what was found in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from crawler.export.formats.characters import one_line
from crawler.export.formats.seam import About, Told
from crawler.export.formats.teielements import XML_ID, E, Element
from crawler.times import VIETNAM, shown


def categories_of(case: Told) -> dict[str, str]:
    """Each rule that flagged it → its identifier in the header."""
    rules = dict.fromkeys(flag["rule"] for flag in case["flags"])
    return {rule: f"r{number}" for number, rule in enumerate(rules, 1)}


def header_of(case: Told, about: About) -> Element:
    """<teiHeader>, all of it from the case and from what the files say of themselves."""
    return E.teiHeader(_file(case, about), *_encoding(case), _profile(case), E.revisionDesc(*_changes(case)))


def _file(case: Told, about: About) -> Element:
    authors = [E.author(one_line(author)) for author in case["authors"]]
    published = E.publicationStmt(
        E.publisher("diembao"),
        E.date(shown(about.as_of), when=shown(about.as_of)),
        E.idno(str(case["id"]), type="number"),
        E.idno(case["key"], type="key"),
    )
    title = E.title(one_line(case["title"]))
    return E.fileDesc(E.titleStmt(title, *authors), published, E.sourceDesc(_source(case, about)))


def _source(case: Told, about: About) -> Element:
    watched = about.watched.sources.get(case["source"])
    parts = [
        E.title(one_line(case["title"]), level="a"),
        *(E.author(one_line(one)) for one in case["authors"]),
    ]
    parts.append(E.publisher(case["source"]))
    if watched and watched.province:
        parts.append(E.pubPlace(watched.province))
    if case["published_at"]:
        day = case["published_precision"] == "day"
        when = case["published_at"][: len("2026-11-23")] if day else case["published_at"]
        parts.append(E.date(when, when=when, type="published"))
    return E.bibl(*parts, E.idno(case["url"], type="URI"))


def _encoding(case: Told) -> Iterator[Element]:
    """The rules that flagged it, as categories that spans and catRef point at."""
    flags = {flag["rule"]: flag for flag in case["flags"]}
    rules = [
        E.category(
            E.catDesc(E.term(rule), f" {one_line(flags[rule]['label'])}, version {flags[rule]['version']}"),
            {XML_ID: name},
        )
        for rule, name in categories_of(case).items()
    ]
    if rules:
        yield E.encodingDesc(E.classDecl(E.taxonomy(*rules, {XML_ID: "rules"})))


def _profile(case: Told) -> Element:
    parts: list[Element] = []
    if case["tags"]:
        parts.append(E.keywords(*(E.term(one_line(tag)) for tag in case["tags"]), scheme="#tags"))
    if case["section"]:
        parts.append(E.classCode(one_line(case["section"]), scheme="#section"))
    if case["verdict"]:
        parts.append(E.classCode(case["verdict"]["decision"], scheme="#decision"))
    parts += [E.catRef(scheme="#rules", target=f"#{name}") for name in categories_of(case).values()]
    language = E.langUsage(E.language("Tiếng Việt", ident="vi"))
    return E.profileDesc(language, *([E.textClass(*parts)] if parts else []))


_CHANGES: Mapping[str, str] = {
    "gone_at": "The paper no longer has it.",
    "updated_at": "The page says it last changed.",
    "fetched_at": "Its newest text was fetched.",
}


def _changes(case: Told) -> Iterator[Element]:
    """What happened to the text, newest first."""
    told = {key: case[key] for key in _CHANGES if case[key]}
    for key in sorted(
        told, key=lambda key: datetime.fromisoformat(told[key]).astimezone(VIETNAM), reverse=True
    ):
        yield E.change(_CHANGES[key], when=told[key])
