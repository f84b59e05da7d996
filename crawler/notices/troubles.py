"""What is wrong with the messages to people, one line for each channel that has trouble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from crawler.config.model import Channel, Config
from crawler.times import shown
from storage.deliveries import FAILED, Delivery
from storage.store import Store

ENOUGH = 3  # attempts in vain that are worth a complaint
_MOST = 200  # of those that never arrived
LATELY = timedelta(days=7)  # how long a message that never arrived is complained of


def message_troubles(store: Store, config: Config, now: datetime) -> tuple[str, ...]:
    """The complaints of the store's messages."""
    if not config.channels:
        return ()
    found = [*store.deliveries.open(), *store.deliveries.newest(_MOST, failed=True)]
    return troubles(found, config.channels, now)


def troubles(
    deliveries: Iterable[Delivery], channels: Mapping[str, Channel], now: datetime
) -> tuple[str, ...]:
    """Pure: a complaint for each channel of the configuration, with its cause and an advice."""
    by_channel: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        if delivery.channel in channels and channels[delivery.channel].enabled:
            by_channel.setdefault(delivery.channel, []).append(delivery)
    return tuple(line for name in sorted(by_channel) for line in _of_channel(name, by_channel[name], now))


def _of_channel(name: str, deliveries: Iterable[Delivery], now: datetime) -> Iterator[str]:
    ordered = sorted(deliveries, key=lambda one: one.id)
    late = [one for one in ordered if one.state in {"waiting", "sending"} and one.attempts >= ENOUGH]
    lost = [one for one in ordered if one.state in FAILED and one.ended_at and now - one.ended_at < LATELY]
    if late:
        yield (
            f"notices: {name}: {_many(len(late))} cannot be delivered since {shown(late[0].made_at)}"
            f" ({late[-1].trouble}): try `diembao notify test {name}`"
        )
    if lost:
        yield (
            f"notices: {name}: {_many(len(lost))} never arrived ({lost[-1].trouble}): mend it, then"
            f" `diembao notify retry {lost[-1].id}`, or `diembao notify list --failed`"
        )


def _many(count: int) -> str:
    return "a message" if count == 1 else f"{count} messages"
