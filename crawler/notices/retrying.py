"""Pure: when a message that could not be delivered is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.deliveries import Delivery, Result

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120))
_LONGEST = timedelta(hours=4)


def wait(attempts: int) -> timedelta:
    """How long after so many attempts in vain the next is made: from a minute to four hours."""
    return _WAITS[attempts - 1] if 0 < attempts <= len(_WAITS) else _LONGEST


def in_vain(delivery: Delivery, trouble: str, now: datetime, retry_for: timedelta) -> Result:
    """What becomes of a message whose attempt failed for the time being; `attempts` counts that one."""
    following = now + wait(delivery.attempts)
    if following - delivery.made_at > retry_for:
        return Result("given-up", trouble, None, delivery.remaining)
    return Result("waiting", trouble, following, delivery.remaining)


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether an attempt is to be made; also where the clock was set back since the last one."""
    if delivery.state != "waiting":
        return False
    return delivery.next_attempt is None or not timedelta() < delivery.next_attempt - now <= _LONGEST
