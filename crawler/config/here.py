"""[store], [backup], [review], [log] and [report] resolved: what config.toml says of this installation."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

from crawler.config.model import Backup, Log, Office, Review, Upkeep
from crawler.config.values import beside, named, unless_empty
from crawler.config.written import WrittenBackup, WrittenLog, WrittenReport, WrittenReview, WrittenStore
from crawler.passwords import as_hashed
from crawler.sizes import size
from crawler.times import duration, time_of_day

_ORIGIN = re.compile(r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def upkeep(written: WrittenStore) -> Upkeep:
    """Of [store], but for its path; ValueError says what to mend, as in all of these."""
    return Upkeep(
        upkeep=unless_empty("store.upkeep", time_of_day, written.upkeep),
        keep_pages=unless_empty("store.keep_pages", _lasting, written.keep_pages),
        most_pages=unless_empty("store.most_pages", size, written.most_pages),
    )


def _lasting(text: str) -> timedelta:
    """A duration of a day at least, because `6m` are minutes and no months."""
    found = duration(text)
    if found < timedelta(days=1):
        raise ValueError(f"{text!r} is less than a day; write it like 180d, 26w or 2y (m stands for minutes)")
    return found


def backup(folder: Path, written: WrittenBackup) -> Backup:
    """[backup]; `folder` is what paths are relative to."""
    return Backup(
        dir=beside(folder, written.dir),
        every=named("backup.every", duration, written.every),
        at=unless_empty("backup.at", time_of_day, written.at),
        keep=written.keep,
    )


def review(folder: Path, written: WrittenReview) -> Review:
    """[review]; `folder` is what paths are relative to."""
    if bool(written.tls_certificate) != bool(written.tls_key):
        raise ValueError("review.tls_certificate and review.tls_key: one is of no use without the other")
    return Review(
        host=written.host,
        port=written.port,
        hosts=tuple(_origin(text) for text in written.hosts),
        reviewers=_reviewers(written.reviewers),
        password_hash=named("review.password_hash", as_hashed, written.password_hash)
        if written.password_hash
        else None,
        token_file=beside(folder, written.token_file),
        tls_certificate=beside(folder, written.tls_certificate),
        tls_key=beside(folder, written.tls_key),
    )


def log(folder: Path, written: WrittenLog) -> Log:
    """[log]; `folder` is what paths are relative to."""
    return Log(written.format, beside(folder, written.file), written.most_bytes, written.keep)


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


def office(written: WrittenReport) -> Office:
    """[report]: every text in NFC and on one line."""
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
