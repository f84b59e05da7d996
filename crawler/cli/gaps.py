"""`diembao gaps`: what each way had that the others had not, and what became of every link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list, one_line, table
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import shown

if TYPE_CHECKING:
    from crawler.watching.gaps import Gaps
    from storage.records import Link
    from storage.store import Store

_MOST = 1000  # links that are listed of one reason


@click.command("gaps", cls=Command, data=True)
@click.argument("source", required=False, help="Its name in config.toml; else all of them.")
@click.option("--set-aside", is_flag=True, help="List the links that failed too often and wait for you.")
@click.option("--why", metavar="REASON", help="List the newest links of one reason, as the fates name it.")
@pass_wanted
def gaps(wanted: Wanted, source: str | None, set_aside: bool, why: str | None) -> int:
    """Account for every link.

    It shows what each way had that the others had not, and what became of every link.

    `lacked` counts articles found after the first crawl that no way of that kind ever showed. The fates add
    up to the number of links, or the command exits with 1. Links set aside are tried anew by
    `diembao crawl SOURCE --retry set-aside`.

    What listings show besides articles is in the ledger, too: `menu-address` leads about the site; any other
    reason tells what may have been an article, with its newest addresses, so that a paper that changed its
    addresses can be seen. Of one shape of address at most 100 are recorded in 30 days; the rest is counted
    as `too-many-alike`.
    """
    from crawler.watching.gaps import gaps as gaps_of

    with wanted.store() as store:
        names = _names(wanted, store, source)
        if set_aside:
            _list(wanted, [link for name in names for link in store.links.set_aside(name)])
            return 0
        if why is not None:
            reason = why.rpartition(": ")[2]
            _list(wanted, [link for name in names for link in store.aside.of_reason(name, reason, _MOST)])
            return 0
        found = [gaps_of(store, name) for name in names]
    if as_json(wanted):
        emit_list(wanted, (one.told() for one in found))
    else:
        for one in found:
            emit("\n".join(_lines(one, many=len(found) > 1)))
    return 0 if all(one.closes for one in found) else 1


def _names(wanted: Wanted, store: Store, source: str | None) -> tuple[str, ...]:
    known = tuple(dict.fromkeys((*wanted.load().sources, *store.sightings.sources())))
    if source is not None and source not in known:
        raise UsageError.unknown("source", source, known)
    return (source,) if source else known


def _lines(one: Gaps, *, many: bool) -> Iterator[str]:
    from crawler.watching.beyond import told

    yield f"{one.source}: {one.links} links in the ledger"
    for why, count in one.fates.items():
        yield f"  {count:8}  {one_line(why)}"
    sign = "=" if one.closes else "is not"
    yield f"  {sum(one.fates.values()):8}  in all {sign} {one.links} links"
    rows = [(kind, str(gap.shown), str(gap.only_here), str(gap.lacked)) for kind, gap in one.kinds.items()]
    yield from (f"  {line}" for line in table(("way", "shown", "only there", "lacked"), rows) if rows)
    if not many:
        for kind, gap in one.kinds.items():
            yield from (f"  {kind} lacks {one_line(url)}" for url in gap.samples)
        for why, urls in one.dropped.items():
            yield from (f"  dropped as {one_line(why)}: {one_line(url)}" for url in urls)
        for way in one.ways:
            yield f"  {way.kind} {one_line(way.url)}: {way.links} links, last {shown(way.last_seen)}"
    for why, count in one.unrecorded.items():
        yield f"  {count:8}  {one_line(why)} (last crawl, beside the ledger)"
    if one.beyond:
        yield f"  {told(one.beyond)}"
    yield ""


def _list(wanted: Wanted, links: list[Link]) -> None:
    if as_json(wanted):
        emit_list(wanted, map(_told, links))
        return
    rows = [
        (link.source, str(link.reason), str(link.attempts), shown(link.last_seen), link.url) for link in links
    ]
    for line in table(("source", "reason", "attempts", "last seen", "address"), rows):
        emit(line)


def _told(link: Link) -> dict[str, object]:
    return {
        "source": link.source,
        "key": link.key,
        "url": link.url,
        "reason": link.reason,
        "attempts": link.attempts,
        "first_seen": shown(link.first_seen),
        "last_seen": shown(link.last_seen),
    }
