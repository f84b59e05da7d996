"""Whether a run of telling people would do anything: asked often, and cheap enough for that."""

from __future__ import annotations

from datetime import datetime

from crawler.config.model import Channel, Config
from crawler.notices.gathering import due_now
from crawler.notices.retrying import is_due
from crawler.notices.sending import may_send
from crawler.notices.wanted import noted
from storage.channels import Place
from storage.store import Store


def is_stirred(store: Store, config: Config, now: datetime) -> bool:
    """Whether something happened that a channel has not noted, or something is due to be made or sent."""
    if not config.channels:
        return False
    return _is_sending_due(store, config, now) or any(
        _is_stirred(store, config, channel, now) for channel in config.channels.values()
    )


def _is_sending_due(store: Store, config: Config, now: datetime) -> bool:
    return any(
        (channel := config.channels.get(one.channel)) is not None
        and may_send(channel, now)
        and (one.state == "sending" or is_due(one, now))
        for one in store.deliveries.open()
    )


def _is_stirred(store: Store, config: Config, channel: Channel, now: datetime) -> bool:
    place = store.channels.place(channel.name)
    if place is None or not channel.enabled:
        return (place is None) == channel.enabled
    if store.channels.happened(place.event) is not None or store.states.since(place.state):
        return True
    if "sources" in channel.tells and _is_care_stirred(store, place):
        return True
    due = due_now(store, config, channel, now)
    passed = (due.digest_at, due.weekly_at) != (place.digest_at, place.weekly_at)
    changed = (noted(channel, one, "changed") for one in store.channels.changed(place))
    return bool(due.kinds) or passed or any(changed)


def _is_care_stirred(store: Store, place: Place) -> bool:
    found = store.channels
    return bool(found.lost(place) or found.complained(place) or found.mended(place))
