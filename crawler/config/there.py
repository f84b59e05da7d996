"""[crawl], [sources.NAME] and [rules.NAME] resolved: what is watched, how, and what is looked for."""

from __future__ import annotations

import difflib
import re
from urllib.parse import urlsplit

from crawler import __version__
from crawler.config.model import Allowance, Crawl, Source
from crawler.config.values import named, texts_of
from crawler.config.written import (
    Texts,
    WrittenConfig,
    WrittenCrawl,
    WrittenRule,
    WrittenSelectors,
    WrittenSource,
)
from crawler.judging.citing.organs import known_provinces, slug
from crawler.judging.ruletext import RuleText, lists_named
from crawler.reading.selectors import Selectors
from crawler.times import duration, hours
from crawler.urls import absolute, canonical

_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LIKE_AUTO = "30m"  # how often a source on auto is crawled until it is known
_WINDOWS = {"hour": "1h", "day": "1d", "week": "7d", "month": "30d"}


def crawl(written: WrittenCrawl) -> Crawl:
    """[crawl]; ValueError says what to mend, as in all of these."""
    return Crawl(
        user_agent=_agent(written),
        contact=written.contact,
        delay=written.delay,
        workers=written.workers,
        batch=written.batch,
        readers=written.readers,
        deadline=named("crawl.deadline", duration, written.deadline),
        timeout=named("crawl.timeout", duration, written.timeout),
        most_bytes=written.most_bytes,
        look_back=named("crawl.look_back", duration, written.look_back),
        look_back_links=written.look_back_links,
        backfill_delay=written.backfill_delay,
        polls_per_source=written.polls_per_source,
        soonest=named("crawl.soonest", duration, written.soonest),
        latest=named("crawl.latest", duration, written.latest),
        looks=written.looks,
        allow_private_addresses=written.allow_private_addresses,
    )


def _agent(written: WrittenCrawl) -> str:
    contact = written.contact or "no contact set"
    agent = written.user_agent.replace("{version}", __version__).replace("{contact}", contact)
    if not written.contact.isascii():
        raise ValueError("crawl.contact: must be plain ASCII; it is sent in a header")
    if not agent.isprintable() or not agent.isascii() or not agent:
        raise ValueError("crawl.user_agent: must be plain printable ASCII on one line")
    return agent


def source(name: str, written: WrittenSource) -> Source:
    """[sources.NAME]."""
    where = f"sources.{name}"
    if not _SOURCE_NAME.fullmatch(name):
        raise ValueError(f"{where}: a source's name is lower-case letters, digits and _, a letter first")
    home = _home(where, written.home)
    auto = written.every.strip().lower() == "auto"
    return Source(
        name=name,
        home=home,
        enabled=written.enabled,
        province=_province(f"{where}.province", written.province),
        spider=_spider(where, written.spider),
        feeds=_addresses(f"{where}.feeds", home, written.feeds),
        sitemaps=_addresses(f"{where}.sitemaps", home, written.sitemaps),
        listings=_addresses(f"{where}.listings", home, written.listings),
        json_listings=_addresses(f"{where}.json_listings", home, written.json_listings),
        archives=_addresses(f"{where}.archives", home, written.archives),
        article=_patterns(f"{where}.article", written.article),
        skip=_patterns(f"{where}.skip", written.skip),
        keep_query=texts_of(written.keep_query),
        selectors=_selectors(f"{where}.selectors", written.selectors),
        every=named(f"{where}.every", duration, _LIKE_AUTO if auto else written.every),
        auto=auto,
        at_least=named(f"{where}.at_least", _allowance, written.at_least) if written.at_least else None,
        delay=written.delay,
        verify_tls=written.verify_tls,
        conditional=written.conditional,
        requests_per_day=written.requests_per_day,
        quiet_hours=named(f"{where}.quiet_hours", hours, written.quiet_hours)
        if written.quiet_hours
        else None,
    )


def _province(where: str, name: str | None) -> str | None:
    known = known_provinces()
    if name is None or slug(name) in map(slug, known):
        return name
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{where}: {name!r} is no province of Vietnam{hint}")


def _home(where: str, home: str) -> str:
    found = absolute("", home)
    if found is None or urlsplit(found).username is not None:
        raise ValueError(f"{where}.home: {home!r} is no address like https://baohatinh.vn")
    return canonical(found)


def _spider(where: str, spider: str | None) -> str | None:
    if spider is not None and not _SOURCE_NAME.fullmatch(spider):
        raise ValueError(f"{where}.spider: {spider!r} is no name of a file in spiders/ (without .py)")
    return spider


def _addresses(where: str, home: str, written: Texts) -> tuple[str, ...]:
    found = [(text, absolute(home, text)) for text in texts_of(written)]
    broken = [text for text, address in found if address is None]
    if broken:
        raise ValueError(f"{where}: {broken[0]!r} is no path or address")
    return tuple(address for _, address in found if address is not None)


def _patterns(where: str, written: Texts) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text) for text in texts_of(written))
    except re.error as error:
        raise ValueError(f"{where}: {error.pattern!r} is no regular expression: {error.msg}") from error


def _selectors(where: str, written: WrittenSelectors) -> Selectors:
    from cssselect import SelectorError, parse  # the daemon and --help never need it

    groups = {key: texts_of(getattr(written, key)) for key in written.__struct_fields__}
    for key, texts in groups.items():
        for text in texts:
            try:
                parse(text)
            except SelectorError as error:
                raise ValueError(f"{where}.{key}: {text!r} is no CSS selector: {error}") from error
    return Selectors(**groups)


def _allowance(text: str) -> Allowance:
    match = re.fullmatch(r"(\d+)\s*/\s*(hour|day|week|month|\w+)", text.strip())
    if not match or int(match[1]) < 1:
        raise ValueError(f"{text!r} is no allowance; write it like 5/day, 1/week or 1/10d")
    return Allowance(int(match[1]), duration(_WINDOWS.get(match[2], match[2])))


def rule(name: str, written: WrittenRule, config: WrittenConfig) -> RuleText:
    """[rules.NAME], with the lists of `config` that it names."""
    unknown = [each for each in written.sources if each not in config.sources]
    if unknown:
        raise ValueError(f"rules.{name}.sources: there is no source {unknown[0]!r}")
    if written.query is not None and (written.any or written.all or written.none):
        raise ValueError(f"rules.{name}: has a query and any/all/none lists; keep one of the two")
    return RuleText(
        name=name,
        label=written.label or name,
        query=written.query,
        any_of=tuple(written.any),
        all_of=tuple(written.all),
        none_of=tuple(written.none),
        fields=tuple(written.fields),
        sources=tuple(written.sources),
        weight=written.weight,
        mention=written.mention,
        expect=tuple(written.expect),
        reject=tuple(written.reject),
        lists=lists_named(_phrases(written), config.lists),
    )


def _phrases(written: WrittenRule) -> list[str]:
    return [written.query or "", written.mention or "", *written.any, *written.all, *written.none]
