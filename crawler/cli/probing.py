"""A source tried out: a short crawl into a store that is thrown away, under the lock of its host."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from crawler.cli.stage import toml
from crawler.config import Config, load
from crawler.crawling.locks import HostLock
from crawler.crawling.shapes import GENERAL_ARTICLE
from crawler.errors import ConfigError, DiembaoError
from crawler.urls import authority
from storage.cases import CaseQuery
from storage.records import RunReport, Way
from storage.store import Store

_ARTICLES = 3  # fetched to see whether they can be read
_MOST_ADDRESSES = 100  # of one way
_SHORT = {"look_back": "3d", "look_back_links": 40}  # what a look needs to see


class ProbeFailed(DiembaoError):
    """The short crawl could not be made."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as it was read."""

    url: str
    title: str
    published: str | None  # +07:00; None: it bears no date
    characters: int  # of its body


@dataclass(frozen=True, slots=True)
class Probed:
    """What a short crawl met."""

    report: RunReport
    shown: Mapping[str, tuple[str, ...]]  # way's address → some article addresses it showed
    samples: tuple[Sample, ...]
    addresses: tuple[str, ...] = ()  # of links that were taken for articles
    as_json: tuple[str, ...] = ()  # listings that work and are served as JSON

    @property
    def working(self) -> tuple[Way, ...]:
        """The ways that showed articles."""
        return tuple(way for way in self.report.ways if way.outcome == "ok" and way.links)


def probe(config: Config, name: str, table: Mapping[str, Any] | None = None) -> Probed:
    """Try a source of `config`, or one of that `table` alone; AlreadyRunning if a crawl is at its host."""
    with tempfile.TemporaryDirectory(prefix="diembao-doctor-") as folder:
        path = Path(folder) / "config.toml"
        path.write_text(_config(config, name, table), encoding="utf-8")
        tried = load(path)
        with HostLock(config.store_path, authority(tried.sources[name].home)):
            report = _crawled(tried, name)
        if not tried.store_path.exists():
            return Probed(report, {}, ())
        with Store.open(tried.store_path) as store:
            return Probed(report, _shown(store, name), _samples(store, name), _addresses(store, name))


def found_out(config: Config, name: str, table: Mapping[str, Any] | None = None) -> Probed:
    """As `probe`; where no feed or sitemap works, with the listings that its system serves as JSON."""
    probed = probe(config, name, table)
    untried = probed.report.candidates
    if not untried or {way.kind for way in probed.working} & {"feed", "sitemap"}:
        return probed
    chosen = table if table is not None else _written(config, name)
    return with_json(probed, probe(config, name, {**chosen, "json_listings": [*untried]}))


def with_json(probed: Probed, tried: Probed) -> Probed:
    """What the first look found, and those of its candidates that showed articles in the second."""
    untried = set(probed.report.candidates)
    ways = tuple(way for way in tried.report.ways if way.url in untried)
    as_json = tuple(way.url for way in ways if way.outcome == "ok" and way.links)
    if not as_json:
        return probed
    report = replace(probed.report, ways=(*probed.report.ways, *ways))
    if not probed.working:  # the first look found nothing that can be read
        report = replace(tried.report, ways=report.ways, learned=report.learned or tried.report.learned)
    shown = {**tried.shown, **probed.shown}
    addresses = (*probed.addresses, *tried.addresses)
    return Probed(report, shown, probed.samples or tried.samples, addresses, as_json)


def _config(config: Config, name: str, table: Mapping[str, Any] | None) -> str:
    raw = _raw(config)
    chosen = table if table is not None else _written(config, name)
    crawl = {**raw.get("crawl", {}), **_SHORT}
    return toml({"store": {"path": "probe.sqlite"}, "crawl": crawl, "sources": {name: chosen}})


def _raw(config: Config) -> dict[str, Any]:
    return tomllib.loads(config.path.read_text(encoding="utf-8-sig"))


def _written(config: Config, name: str) -> Mapping[str, Any]:
    written: Mapping[str, Any] = _raw(config)["sources"][name]
    return written


def _crawled(config: Config, name: str) -> RunReport:
    place = ["--config", str(config.path), "--db", str(config.store_path), "--limit", str(_ARTICLES)]
    ended = subprocess.run(
        [sys.executable, "-m", "crawler.crawling.child", *place, name],
        capture_output=True,
        timeout=config.crawl.deadline.total_seconds(),
        check=False,
    )
    try:
        return msgspec.json.decode(ended.stdout.splitlines()[-1], type=RunReport)
    except (IndexError, msgspec.MsgspecError):
        words = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise ProbeFailed(f"{name}: could not be tried: {words or 'no word of why'}") from None


def _shown(store: Store, name: str) -> dict[str, tuple[str, ...]]:
    return {way.url: store.sightings.samples(name, way, 3) for way in store.sightings.ways(name)}


def _addresses(store: Store, name: str) -> tuple[str, ...]:
    ways = store.sightings.ways(name)
    return tuple({url for way in ways for url in store.sightings.samples(name, way, _MOST_ADDRESSES)})


def _samples(store: Store, name: str) -> tuple[Sample, ...]:
    from crawler.times import shown

    return tuple(
        Sample(
            case.article.url,
            case.article.title,
            shown(case.article.published.at) if case.article.published else None,
            len(case.article.body),
        )
        for case in store.cases.find(CaseQuery(source=name, limit=_ARTICLES))
    )


def config_lines(name: str, home: str, probed: Probed) -> str:
    """The lines of config.toml for the ways that work, their addresses relative to the home."""
    found: dict[str, list[str]] = {"feeds": [], "sitemaps": [], "listings": [], "json_listings": []}
    for way in probed.working:
        if way.url in probed.as_json:
            found["json_listings"].append(_relative(way.url, home))
        elif way.kind != "home":
            found[f"{way.kind}s"].append(_relative(way.url, home))
    lines = [f"[sources.{name}]", f"home = {json.dumps(home)}"]
    lines += [_line(key, urls) for key, urls in found.items() if urls]
    lines += article_lines(probed)
    return "\n".join(lines) + "\n"


def json_lines(home: str, probed: Probed) -> tuple[str, ...]:
    """`json_listings = […]` where any works that config.toml does not name; else nothing."""
    found = [_relative(url, home) for url in probed.as_json]
    return (_line("json_listings", found),) if found else ()


def _line(key: str, texts: Sequence[str]) -> str:
    return f"{key} = {json.dumps(texts, ensure_ascii=False)}"


def article_lines(probed: Probed) -> tuple[str, ...]:
    """`article = […]` where a shape was learned: it, and the usual ones that found anything; else nothing."""
    if not probed.report.learned:
        return ()
    usual = [one.pattern for one in GENERAL_ARTICLE if any(map(_whole(one), probed.addresses))]
    return (f"article = [{', '.join(map(_literal, (*probed.report.learned, *usual)))}]",)


def _whole(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda url: bool(pattern.search(_relative(url, url)))


def _literal(pattern: str) -> str:
    """A regular expression as TOML writes it most readably."""
    return json.dumps(pattern, ensure_ascii=False) if "'" in pattern else f"'{pattern}'"


def append(config: Config, block: str) -> Path:
    """Add a block at the end of config.toml, the file before kept beside it; nothing if it cannot be read."""
    path = config.path
    before = path.read_text(encoding="utf-8")
    trial = path.with_name(path.name + ".new")
    trial.write_text(f"{before.rstrip()}\n\n{block}", encoding="utf-8")
    try:
        load(trial)
    except ConfigError:
        trial.unlink()
        raise
    backup = path.with_name(path.name + ".bak")
    backup.write_text(before, encoding="utf-8")
    trial.replace(path)
    return backup


def _relative(url: str, home: str) -> str:
    if authority(url) != authority(home):
        return url
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
