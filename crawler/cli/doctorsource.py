"""`diembao doctor SOURCE`: which of its ways work now, how its articles are read, and why it is ill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.cli.output import as_json, emit, emit_one, one_line, table
from crawler.cli.wanted import Wanted
from crawler.times import utc_now

if TYPE_CHECKING:
    from crawler.cli.probing import Probed

_UNHEALTHY = 4  # exit code


def doctor_source(wanted: Wanted, name: str) -> int:
    """Try the source, print what was found; 0 if it is well, 4 if not. Nothing of it is stored."""
    from crawler.cli.probing import found_out, json_lines

    config = wanted.load()
    wanted.say(f"{name}: asks each of its ways, and reads a few articles …")
    probed = found_out(config, name)
    found = [*_learned(probed), *_served(json_lines(config.sources[name].home, probed))]
    complaints = [*_now(probed), *_before(wanted, name)]
    if as_json(wanted):
        emit_one(wanted, {**told(probed), "source": name, "complaints": complaints})
    else:
        emit("\n".join([*ways_table(probed), *_articles(probed), *found, *complaints]))
    return _UNHEALTHY if complaints else 0


def told(probed: Probed) -> dict[str, Any]:
    """What was met, as JSON."""
    return {
        "outcome": probed.report.outcome,
        "trouble": probed.report.trouble,
        "ways": [
            {
                "kind": way.kind,
                "url": way.url,
                "outcome": way.outcome,
                "links": way.links,
                "samples": list(probed.shown.get(way.url, ())),
            }
            for way in probed.report.ways
        ],
        "articles": [
            {"url": one.url, "title": one.title, "published_at": one.published, "characters": one.characters}
            for one in probed.samples
        ],
        "reasons": dict(probed.report.reasons),
        "learned": list(probed.report.learned),
        "served_as_json": list(probed.as_json),
    }


def ways_table(probed: Probed) -> Iterator[str]:
    """Each way with what it answered, how much it shows, and one of its articles."""
    rows = [
        (way.kind, way.outcome, str(way.links), way.url, next(iter(probed.shown.get(way.url, ())), "–"))
        for way in probed.report.ways
    ]
    yield from table(("way", "answers", "links", "address", "shows for one"), rows)


def _articles(probed: Probed) -> Iterator[str]:
    for one in probed.samples:
        date = one.published or "no date"
        yield f"read: «{one_line(one.title)}», {date}, {one.characters} characters, {one_line(one.url)}"
    for reason, count in sorted(probed.report.reasons.items()):
        yield f"{count} × {one_line(reason)}"


def _learned(probed: Probed) -> Iterator[str]:
    """The shape of its articles that no usual one finds, as config.toml would say it."""
    from crawler.cli.probing import article_lines

    for line in article_lines(probed):
        yield f"its articles have a shape of their own; write into config.toml: {line}"


def _served(lines: tuple[str, ...]) -> Iterator[str]:
    """Listings that config.toml does not name, as it would."""
    for line in lines:
        yield f"its system serves listings as JSON, too; write into config.toml: {line}"


def _now(probed: Probed) -> Iterator[str]:
    if probed.report.trouble:
        yield one_line(probed.report.trouble)
    elif probed.report.outcome != "done":
        yield f"its crawl ended as {probed.report.outcome}"
    if probed.report.outcome == "done" and not probed.working:
        yield "its ways answer, but none of them shows an article: see `article` and `skip` in config.toml"
    if probed.working and not probed.samples:
        yield "none of the articles tried could be read: `diembao read URL` shows what one page says"


def _before(wanted: Wanted, name: str) -> tuple[str, ...]:
    """What `status` complains of, where there is a store."""
    from crawler.watching.status import statuses
    from storage.store import Store

    config = wanted.load()
    if not config.store_path.exists():
        return ()
    with Store.open(config.store_path, create=False) as store:
        (one,) = statuses(store, config, utc_now(), only=name)
    return one.health.complaints
