"""What happened since each channel looked last: noted, and put on its way when it is due."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.config.model import Channel, Config
from crawler.notices.choosing import Chosen, choose
from crawler.notices.content import (
    CareNews,
    Letterhead,
    Told,
    Week,
    cases_content,
    letterhead,
    sources_content,
    weekly_content,
)
from crawler.notices.due import HOUR, Due, Standing, due
from crawler.notices.sourcenews import is_ill, source_news
from crawler.notices.wanted import noted
from crawler.times import VIETNAM
from storage.cases import CaseQuery
from storage.channels import Place
from storage.counting import Span
from storage.deliveries import Delivery, DeliveryKind
from storage.notices import Fate, Noted
from storage.records import StateChange
from storage.store import Store

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Made:
    """A message, and what became of the notices it was made of."""

    content: Mapping[str, Any]
    fates: Mapping[int, Fate]


@dataclass(frozen=True, slots=True)
class Wished:
    """Which message somebody wants to see before it is sent."""

    channel: Channel
    kind: DeliveryKind = "digest"
    since: datetime | None = None  # as if the channel had begun then; None: what it has to tell now


class _Seen(Exception):
    """It was seen, and the transaction is to leave nothing."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__()
        self.content = content


def gather(store: Store, config: Config, now: datetime) -> int:
    """Note for every channel what happened, and put on its way what is due; how many messages that makes.

    A channel that is new begins now, and so does one that was off.
    """
    made = 0
    for channel in config.channels.values():
        if not channel.enabled:
            store.channels.forget(channel.name)
            continue
        store.channels.begin(channel.name, now)
        look(store, channel, now)
        made += len(put_on_way(store, config, channel, now))
    return made


def look(store: Store, channel: Channel, now: datetime) -> None:
    """Note what the channel is to tell of all that happened since it looked last."""
    while _look_further(store, channel, now):
        pass


def put_on_way(store: Store, config: Config, channel: Channel, now: datetime) -> list[int]:
    """Make the messages that are due of what is noted; their numbers."""
    with store.write():
        decided = due_now(store, config, channel, now)
        made = [
            number
            for kind in decided.kinds
            if (number := _put(store, config, channel, kind, now)) is not None
        ]
        store.channels.marked(channel.name, decided.digest_at, decided.weekly_at)
    return made


def preview(store: Store, config: Config, wished: Wished, now: datetime) -> Mapping[str, Any]:
    """What a message would say now; all that was written to find it out is taken back."""
    try:
        with store.write():
            if wished.since is not None:
                store.channels.as_if_begun(wished.channel.name, wished.since)
            store.channels.begin(wished.channel.name, now)
            look(store, wished.channel, now)
            raise _Seen(_made(store, config, wished.channel, wished.kind, now).content)
    except _Seen as seen:
        return seen.content


def _look_further(store: Store, channel: Channel, now: datetime) -> bool:
    """One stretch of what happened, in one transaction; whether there is more."""
    with store.write():
        place = store.channels.place(channel.name)
        assert place is not None
        until = store.channels.newest_event(place.event)
        found = store.channels.candidates(place.event, until)
        new = [noted(channel, one, "new") for one in found]
        changed = [noted(channel, one, "changed") for one in store.channels.changed(place)]
        changes = store.states.since(place.state)
        told = [one for one in (*new, *changed) if one] + [
            Noted(f"state:{one.id}", "state", state_id=one.id) for one in changes if _tells(channel, one)
        ]
        if "sources" in channel.tells:
            told += _of_care(store, place)
        store.notices.note(channel.name, told, now)
        store.channels.looked(channel.name, until, max((one.id for one in changes), default=place.state))
    return until > place.event


def _of_care(store: Store, place: Place) -> list[Noted]:
    """What is told of the watch itself: messages that others never got, and complaints of the store."""
    found = store.channels
    lost = [Noted(f"lost:{one}", "lost", lost_id=one) for one in found.lost(place)]
    begun = [Noted(f"complaint:{one}", "complaint", complaint_id=one) for one in found.complained(place)]
    return [
        *lost,
        *begun,
        *(Noted(f"mended:{one}", "mended", complaint_id=one) for one in found.mended(place)),
    ]


def _tells(channel: Channel, change: StateChange) -> bool:
    return "sources" in channel.tells and (not channel.sources or change.source in channel.sources)


def due_now(store: Store, config: Config, channel: Channel, now: datetime) -> Due:
    """What the channel sends now of what it has noted, and the marks to set with it."""
    place = store.channels.place(channel.name)
    assert place is not None
    lately = store.deliveries.made_since(channel.name, ["at-once", "sources"], now - HOUR)
    waiting = store.notices.waiting(channel.name)
    failing = store.deliveries.is_failing(channel.name)
    return due(channel, Standing(place, waiting, lately, config.notices.at_once_per_hour, failing), now)


def _put(store: Store, config: Config, channel: Channel, kind: DeliveryKind, now: datetime) -> int | None:
    """One message on its way; None where nothing is left to tell."""
    made = _made(store, config, channel, kind, now)
    number = None
    if kind == "weekly" or "told" in made.fates.values():
        content = made.content
        number = store.deliveries.add(
            Delivery(0, content["id"], channel.name, kind, now, content["subject"], content)
        )
    store.notices.settle(made.fates, number)
    return number


def _made(store: Store, config: Config, channel: Channel, kind: DeliveryKind, now: datetime) -> _Made:
    head = letterhead(channel, str(uuid.uuid4()), config.notices.page_url, now)
    if kind == "weekly":
        return _Made(weekly_content(head, _week(store, config, now)), {})
    if kind == "sources":
        return _of_sources(store, config, channel, head)
    chosen = _chosen(store, config, channel, urgent=kind == "at-once")
    return _Made(cases_content(head, kind, _told(store, config, chosen)), chosen.fates or {})


def _chosen(store: Store, config: Config, channel: Channel, *, urgent: bool) -> Chosen:
    pending = store.notices.pending(channel.name, urgent=urgent)
    stories = {one.story for one in pending if one.story is not None}
    told = store.notices.told_stories(channel.name, sorted(stories))
    return choose(pending, told, config.notices.most_listed)


def _told(store: Store, config: Config, chosen: Chosen) -> Told:
    cases = {case.id: case for case in store.cases.some([one.article_id for one in chosen.listed])}
    copies = store.stories.told(sorted({number for case in cases.values() for number in case.story}))
    borne = {flag.rule: flag.label for case in cases.values() for flag in case.flags}
    return Told(chosen, cases, copies, borne | {rule.name: rule.label for rule in config.rules})


def _of_sources(store: Store, config: Config, channel: Channel, head: Letterhead) -> _Made:
    pending = store.notices.pending_states(channel.name)
    since = store.states.since(min(pending) - 1) if pending else ()
    changes = [one for one in since if one.id in pending]
    watched = sum(source.enabled for source in config.sources.values())
    news = source_news(changes, store.notices.told_states(channel.name), watched)
    lost = store.notices.pending_lost(channel.name)
    fates = {pending[number]: fate for number, fate in (news.fates or {}).items()}
    fates |= dict.fromkeys(lost.values(), "told")
    told = [store.deliveries.get(number) for number in sorted(lost)]
    care, of_care = _care(store, channel, told)
    return _Made(sources_content(head, news, care, watched), fates | of_care)


def _care(store: Store, channel: Channel, lost: Sequence[Delivery]) -> tuple[CareNews, dict[int, Fate]]:
    """What is told of the watch itself, and what becomes of these notices."""
    begun = store.notices.pending_complaints(channel.name, "complaint")
    mended = store.notices.pending_complaints(channel.name, "mended")
    complaints = store.complaints.some(begun)
    lasting = tuple(one for one in complaints if one.ended_at is None)
    fates: dict[int, Fate] = {begun[one.id]: "over" for one in complaints if one.ended_at is not None}
    fates |= dict.fromkeys((*(begun[one.id] for one in lasting), *mended.values()), "told")
    return CareNews(lost, lasting, store.complaints.some(mended)), fates


def _week(store: Store, config: Config, now: datetime) -> Week:
    """The seven days before today."""
    today = now.astimezone(VIETNAM).date()
    span = Span(today - _WEEK, today - timedelta(days=1))
    enabled = {name for name, source in config.sources.items() if source.enabled}
    days = [one for one in store.counting.days(span) if one.source in enabled]
    cases = [one for one in store.counting.by_source(span) if one.name in enabled]
    ill = [one for name, one in store.states.latest().items() if name in enabled and is_ill(one)]
    return Week(
        first=span.first,
        last=span.last,
        sources=len(enabled),
        crawls=sum(one.crawled for one in days),
        troubled=sum(one.troubled for one in days),
        read=sum(one.read for one in days),
        flagged=sum(one.flagged for one in cases),
        reviewed=sum(one.reviewed for one in cases),
        waiting=store.cases.count(CaseQuery(state="new")),
        ill=ill,
        complaints=store.complaints.open(),
    )
