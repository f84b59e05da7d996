"""Reading config.toml: strict types, unknown keys refused by name, every value resolved and traced."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from crawler.config.here import backup, log, office, review, upkeep
from crawler.config.model import Config
from crawler.config.telling import Naming, channel, notices
from crawler.config.there import crawl, rule, source
from crawler.config.written import (
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

_Shape = TypeVar("_Shape", bound=msgspec.Struct)


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
        crawl=crawl(written.crawl),
        review=review(folder, written.review),
        log=log(folder, written.log),
        notices=common,
        channels={
            name: channel(Naming(name, folder, common), each, written)
            for name, each in written.channels.items()
        },
        report=office(written.report),
        sources={name: source(name, each) for name, each in written.sources.items()},
        lists={name: tuple(phrases) for name, phrases in written.lists.items()},
        rules=tuple(rule(name, each, written) for name, each in written.rules.items()),
        upkeep=upkeep(written.store),
        backup=backup(folder, written.backup),
    )


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
