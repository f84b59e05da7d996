"""Messages sent: every channel by itself, none waiting for another; each attempt noted before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from crawler.config.model import AppriseUrl, Channel, Config, Smtp
from crawler.errors import DiembaoError, NotDelivered
from crawler.notices.retrying import in_vain, is_due
from crawler.times import quiet_until, utc_now
from storage.deliveries import Delivery, Result
from storage.records import Happened
from storage.store import Store

_SLACK = 5.0  # seconds beside a channel's timeout after which nobody waits for its thread
_LAST_WORD = 2.0  # seconds for what is being sent when we are asked to end

Send = Callable[[Channel, Delivery], str | None]  # what is wrong although it was sent; NotDelivered


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run sent, and what it could not."""

    sent: tuple[Delivery, ...] = ()
    failed: tuple[tuple[Delivery, Result], ...] = ()


def send(channel: Channel, delivery: Delivery) -> str | None:
    """Send one message by the channel's own way."""
    return send_content(channel, delivery.content or {}, delivery.remaining)


def send_content(
    channel: Channel, content: Mapping[str, Any], remaining: Sequence[str] | None = None
) -> str | None:
    """The same of what it says; see the three ways for what they raise."""
    if isinstance(channel.way, Smtp):
        from crawler.notices.smtp import send_mail

        return send_mail(channel, content, remaining)
    if isinstance(channel.way, AppriseUrl):
        from crawler.notices.apprising import notify

        notify(channel, content)
        return None
    from crawler.notices.webhook import post

    post(channel, content, int(utc_now().timestamp()))
    return None


def send_due(store: Store, config: Config, now: Callable[[], datetime] = utc_now, by: Send = send) -> Sent:
    """Send what is due; an attempt that another process broke off counts as one in vain.

    Whoever calls holds the lock: what is `sending` now is being sent by nobody.
    """
    _settle_broken_off(store, config, now())
    sent: list[Delivery] = []
    failed: list[tuple[Delivery, Result]] = []
    due = _by_channel(store, config, now())
    while due:
        batch = [(config.channels[name], rest.pop(0)) for name, rest in due.items()]
        for delivery, result in _round(store, config, batch, now, by):
            if result.state == "sent":
                sent.append(delivery)
            else:
                failed.append((delivery, result))
                due[delivery.channel] = []  # what does not work now, works no better a second later
        due = {name: rest for name, rest in due.items() if rest}
    return Sent(tuple(sent), tuple(failed))


def _settle_broken_off(store: Store, config: Config, now: datetime) -> None:
    for delivery in store.deliveries.open():
        if delivery.state == "sending":
            trouble = "the attempt was broken off: whether it arrived is not known"
            store.deliveries.ended(
                delivery.id, in_vain(delivery, trouble, now, config.notices.retry_for), now
            )


def _by_channel(store: Store, config: Config, now: datetime) -> dict[str, list[Delivery]]:
    """What is due of the channels that are there, on, and not quiet, oldest first."""
    due: dict[str, list[Delivery]] = {}
    for delivery in store.deliveries.open():
        channel = config.channels.get(delivery.channel)
        if channel is not None and may_send(channel, now) and is_due(delivery, now):
            due.setdefault(delivery.channel, []).append(delivery)
    return due


def may_send(channel: Channel, now: datetime) -> bool:
    """Whether the channel is on, and not quiet."""
    return channel.enabled and not (channel.quiet_hours and quiet_until(channel.quiet_hours, now))


def _round(
    store: Store,
    config: Config,
    batch: Iterable[tuple[Channel, Delivery]],
    now: Callable[[], datetime],
    by: Send,
) -> list[tuple[Delivery, Result]]:
    """One message of each channel, all at the same time."""
    under_way = []
    for channel, delivery in batch:
        store.deliveries.attempt(delivery.id)
        answer: SimpleQueue[str | DiembaoError | None] = SimpleQueue()
        Thread(target=_send, args=(by, channel, delivery, answer), daemon=True).start()
        ends = monotonic() + channel.timeout.total_seconds() + _SLACK
        under_way.append((store.deliveries.get(delivery.id), answer, ends))
    results, leaving = [], None
    for delivery, answer, ends in under_way:
        try:
            outcome = _heard(answer, ends)
        except (SystemExit, KeyboardInterrupt) as asked:  # what is nearly sent is not to be sent twice
            leaving, outcome = asked, _heard(answer, min(ends, monotonic() + _LAST_WORD))
        result = _result(delivery, outcome, now(), config.notices.retry_for)
        with store.write():
            store.deliveries.ended(delivery.id, result, now())
            store.journal.note(_happened(delivery, result, now()))
        results.append((delivery, result))
    if leaving is not None:
        raise leaving
    return results


def _happened(delivery: Delivery, result: Result, now: datetime) -> Happened:
    """The line of what happened, for `diembao events`."""
    sent = result.state == "sent"
    trouble = f" ({result.trouble})" if result.trouble else ""
    then = ", to be tried again" if result.state == "waiting" else ""
    said = f"{delivery.channel}: {delivery.kind} {'sent' if sent else 'not sent'}{then}{trouble}"
    values: dict[str, str | int | float | None] = {
        "channel": delivery.channel,
        "message": delivery.id,
        "attempts": delivery.attempts,
    }
    return Happened(0, now, "message-sent" if sent else "message-failed", None, said, values)


def _send(
    by: Send, channel: Channel, delivery: Delivery, answer: SimpleQueue[str | DiembaoError | None]
) -> None:
    try:
        answer.put(by(channel, delivery))
    except DiembaoError as error:
        answer.put(error)
    except Exception as error:  # of a library: the other channels go on, and it is tried again
        answer.put(NotDelivered(f"unexpected {type(error).__name__}"))


def _heard(answer: SimpleQueue[str | DiembaoError | None], ends: float) -> str | DiembaoError | None:
    try:
        return answer.get(timeout=max(0.0, ends - monotonic()))
    except Empty:
        return NotDelivered("no answer in time")


def _result(
    delivery: Delivery, outcome: str | DiembaoError | None, now: datetime, retry_for: timedelta
) -> Result:
    """What the attempt came to; `attempts` counts it."""
    if not isinstance(outcome, DiembaoError):
        return Result("sent", outcome or (delivery.trouble if delivery.remaining else None))
    remaining = delivery.remaining
    if isinstance(outcome, NotDelivered):
        remaining = outcome.remaining or remaining
        if outcome.for_good:
            return Result("refused", str(outcome), None, remaining)
    return in_vain(replace(delivery, remaining=remaining), str(outcome), now, retry_for)
