"""Reading config.toml: strict types, unknown keys refused by name, every value resolved and traced."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import normalize
from urllib.parse import urlsplit

import msgspec

from crawler import __version__
from crawler.config.model import Allowance, Backup, Config, Crawl, Log, Office, Review, Source, Upkeep
from crawler.config.telling import Naming, channel, notices
from crawler.config.written import (
    Texts,
    WrittenBackup,
    WrittenChannel,
    WrittenConfig,
    WrittenCrawl,
    WrittenLog,
    WrittenNotices,
    WrittenReport,
    WrittenReview,
    WrittenRule,
    WrittenSelectors,
    WrittenSource,
    WrittenStore,
)
from crawler.errors import ConfigError
from crawler.judging.citing.organs import known_provinces, slug
from crawler.judging.ruletext import RuleText, lists_named
from crawler.passwords import as_hashed
from crawler.reading.selectors import Selectors
from crawler.sizes import size
from crawler.times import duration, hours, time_of_day
from crawler.urls import absolute, canonical

_Value = TypeVar("_Value")
_Shape = TypeVar("_Shape", bound=msgspec.Struct)

_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LIKE_AUTO = "30m"  # how often a source on auto is crawled until it is known
_ORIGIN = re.compile(r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_WINDOWS = {"hour": "1h", "day": "1d", "week": "7d", "month": "30d"}


def load(path: Path | None = None, store_path: Path | None = None, *, folder: Path | None = None) -> Config:
    """The configuration from `path`, $DIEMBAO_CONFIG or ./config.toml; ConfigError says what to mend.

    `folder`: what paths in it are relative to, where it is a copy; else the folder it lies in.
    """
    chosen = path or Path(os.environ.get("DIEMBAO_CONFIG") or "config.toml")
    raw = _parsed(chosen)
    try:
        written = _checked(raw)
        config = _resolved(chosen.absolute(), folder or chosen.absolute().parent, written)
    except ValueError as error:
        raise ConfigError(f"{chosen}: {error}") from error
    origins = _origins(msgspec.to_builtins(written), raw, str(chosen))
    if store_path is not None:
        origins["store.path"] = "--db"
        config = replace(config, store_path=store_path.absolute())
    return replace(config, origins=origins)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: no such file; name one with --config or $DIEMBAO_CONFIG, or go where config.toml lies"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error


def _checked(raw: Mapping[str, Any]) -> WrittenConfig:
    """The raw tables as typed ones, each read by itself so that a complaint can name its own table."""
    _known_only("", raw, WrittenConfig)
    return WrittenConfig(
        store=_table("store", raw.get("store", {}), WrittenStore),
        backup=_table("backup", raw.get("backup", {}), WrittenBackup),
        crawl=_table("crawl", raw.get("crawl", {}), WrittenCrawl),
        review=_table("review", raw.get("review", {}), WrittenReview),
        log=_table("log", raw.get("log", {}), WrittenLog),
        report=_table("report", raw.get("report", {}), WrittenReport),
        notices=_table("notices", raw.get("notices", {}), WrittenNotices),
        channels=_tables("channels", raw.get("channels", {}), WrittenChannel),
        sources=_tables("sources", raw.get("sources", {}), WrittenSource),
        lists=_lists(raw.get("lists", {})),
        rules=_tables("rules", raw.get("rules", {}), WrittenRule),
    )


def _lists(raw: Any) -> dict[str, list[str]]:
    try:
        return msgspec.convert(raw, dict[str, list[str]])
    except msgspec.ValidationError as error:
        raise ValueError('lists: must be lists of phrases, written [lists] and name = ["…", "…"]') from error


def _tables(where: str, raw: Any, shape: type[_Shape]) -> dict[str, _Shape]:
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: must be tables like [{where}.name]")
    return {name: _table(f"{where}.{name}", table, shape) for name, table in raw.items()}


def _table(where: str, raw: Any, shape: type[_Shape]) -> _Shape:
    if not isinstance(raw, dict):
        raise ValueError(f"{where}: must be a table, written [{where}]")
    _known_only(where, raw, shape)
    if isinstance(raw.get("selectors"), dict):
        _known_only(f"{where}.selectors", raw["selectors"], WrittenSelectors)
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise ValueError(f"{where}{place.rstrip('`')}: {reason[0].lower()}{reason[1:]}") from error


def _known_only(where: str, raw: Mapping[str, Any], shape: type[msgspec.Struct]) -> None:
    known = shape.__struct_encode_fields__
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
            raise ValueError(f"unknown key {where + '.' if where else ''}{key}; {hint}")


def _resolved(path: Path, folder: Path, written: WrittenConfig) -> Config:
    common = notices(written.notices, written.review.hosts)
    return Config(
        path=path,
        store_path=folder / Path(written.store.path).expanduser(),
        crawl=_crawl(written.crawl),
        review=_review(folder, written.review),
        log=_log(folder, written.log),
        notices=common,
        channels={
            name: channel(Naming(name, folder, common), each, written)
            for name, each in written.channels.items()
        },
        report=_office(written.report),
        sources={name: _source(name, source) for name, source in written.sources.items()},
        lists={name: tuple(phrases) for name, phrases in written.lists.items()},
        rules=tuple(_rule(name, rule, written) for name, rule in written.rules.items()),
        upkeep=_upkeep(written.store),
        backup=_backup(folder, written.backup),
    )


def _upkeep(written: WrittenStore) -> Upkeep:
    return Upkeep(
        upkeep=_unless_empty("store.upkeep", time_of_day, written.upkeep),
        keep_pages=_unless_empty("store.keep_pages", _lasting, written.keep_pages),
        most_pages=_unless_empty("store.most_pages", size, written.most_pages),
    )


def _lasting(text: str) -> timedelta:
    """A duration of a day at least, because `6m` are minutes and no months."""
    found = duration(text)
    if found < timedelta(days=1):
        raise ValueError(f"{text!r} is less than a day; write it like 180d, 26w or 2y (m stands for minutes)")
    return found


def _backup(folder: Path, written: WrittenBackup) -> Backup:
    return Backup(
        dir=_beside(folder, written.dir),
        every=_named("backup.every", duration, written.every),
        at=_unless_empty("backup.at", time_of_day, written.at),
        keep=written.keep,
    )


def _review(folder: Path, written: WrittenReview) -> Review:
    if bool(written.tls_certificate) != bool(written.tls_key):
        raise ValueError("review.tls_certificate and review.tls_key: one is of no use without the other")
    return Review(
        host=written.host,
        port=written.port,
        hosts=tuple(_origin(text) for text in written.hosts),
        reviewers=_reviewers(written.reviewers),
        password_hash=_named("review.password_hash", as_hashed, written.password_hash)
        if written.password_hash
        else None,
        token_file=_beside(folder, written.token_file),
        tls_certificate=_beside(folder, written.tls_certificate),
        tls_key=_beside(folder, written.tls_key),
    )


def _log(folder: Path, written: WrittenLog) -> Log:
    return Log(written.format, _beside(folder, written.file), written.most_bytes, written.keep)


def _beside(folder: Path, text: str) -> Path | None:
    return folder / Path(text).expanduser() if text else None


def _origin(text: str) -> str:
    """`duyet.example.vn`, `10.0.0.5:8765` or `https://duyet.example.vn`, lower-case, without a last slash."""
    origin = text.strip().lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(
            f"review.hosts: {text!r} is no name like duyet.example.vn, 10.0.0.5:8765 or https://duyet.example.vn"
        )
    return origin


def _reviewers(names: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(normalize("NFC", " ".join(name.split())) for name in names)
    for name in found:
        if not 0 < len(name) <= 40 or not name.isprintable():
            raise ValueError(f"review.reviewers: {name!r} is no name of 1 to 40 characters")
        if found.count(name) > 1:
            raise ValueError(f"review.reviewers: {name!r} stands there twice")
    return found


def _office(written: WrittenReport) -> Office:
    """Every text in NFC and on one line."""
    texts = {
        key: _line(f"report.{key}", getattr(written, key))
        for key in written.__struct_fields__
        if key != "recipients"
    }
    return Office(**texts, recipients=tuple(_line("report.recipients", one) for one in written.recipients))


def _line(where: str, text: str) -> str:
    line = normalize("NFC", " ".join(text.split()))
    if len(line) > 200 or not line.isprintable():
        raise ValueError(f"{where}: {text[:40]!r} is no line of at most 200 characters")
    return line


def _crawl(written: WrittenCrawl) -> Crawl:
    return Crawl(
        user_agent=_agent(written),
        contact=written.contact,
        delay=written.delay,
        workers=written.workers,
        batch=written.batch,
        readers=written.readers,
        deadline=_named("crawl.deadline", duration, written.deadline),
        timeout=_named("crawl.timeout", duration, written.timeout),
        most_bytes=written.most_bytes,
        look_back=_named("crawl.look_back", duration, written.look_back),
        look_back_links=written.look_back_links,
        backfill_delay=written.backfill_delay,
        polls_per_source=written.polls_per_source,
        soonest=_named("crawl.soonest", duration, written.soonest),
        latest=_named("crawl.latest", duration, written.latest),
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


def _source(name: str, written: WrittenSource) -> Source:
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
        keep_query=_texts(written.keep_query),
        selectors=_selectors(f"{where}.selectors", written.selectors),
        every=_named(f"{where}.every", duration, _LIKE_AUTO if auto else written.every),
        auto=auto,
        at_least=_named(f"{where}.at_least", _allowance, written.at_least) if written.at_least else None,
        delay=written.delay,
        verify_tls=written.verify_tls,
        conditional=written.conditional,
        requests_per_day=written.requests_per_day,
        quiet_hours=_named(f"{where}.quiet_hours", hours, written.quiet_hours)
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
    found = [(text, absolute(home, text)) for text in _texts(written)]
    broken = [text for text, address in found if address is None]
    if broken:
        raise ValueError(f"{where}: {broken[0]!r} is no path or address")
    return tuple(address for _, address in found if address is not None)


def _patterns(where: str, written: Texts) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text) for text in _texts(written))
    except re.error as error:
        raise ValueError(f"{where}: {error.pattern!r} is no regular expression: {error.msg}") from error


def _selectors(where: str, written: WrittenSelectors) -> Selectors:
    from cssselect import SelectorError, parse  # the daemon and --help never need it

    groups = {key: _texts(getattr(written, key)) for key in written.__struct_fields__}
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


def _rule(name: str, written: WrittenRule, config: WrittenConfig) -> RuleText:
    unknown = [source for source in written.sources if source not in config.sources]
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


def _texts(written: Texts) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def _named(where: str, read: Callable[[str], _Value], text: str) -> _Value:
    try:
        return read(text)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _unless_empty(where: str, read: Callable[[str], _Value], text: str) -> _Value | None:
    return _named(where, read, text) if text.strip() else None


def _origins(
    values: Mapping[str, Any], raw: Mapping[str, Any], path: str, prefix: str = ""
) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in values.items():
        name, there = f"{prefix}{key}", raw.get(key)
        if isinstance(value, dict):
            found |= _origins(value, there if isinstance(there, dict) else {}, path, f"{name}.")
        else:
            found[name] = path if key in raw else "default"
    return found
