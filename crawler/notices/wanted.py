"""Pure: whether a channel tells a case, and whether that waits for a digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from crawler.config.model import Channel
from storage.channels import Candidate
from storage.columns import moment
from storage.notices import Noted, NoticeKind

NEWS = timedelta(days=3)  # how long after its publication an article is news
_FOUND_LATE = timedelta(days=1)  # between fetching and flagging: by then it was judged again, by other rules


def noted(channel: Channel, candidate: Candidate, kind: NoticeKind) -> Noted | None:
    """What the channel is to tell of the article; None: nothing."""
    of_interest = _of_interest(channel, candidate.weights)
    if "articles" not in channel.tells or not of_interest:
        return None
    if channel.sources and candidate.source not in channel.sources:
        return None
    weight, rule = max((weight, rule) for rule, weight in of_interest.items())
    late = kind == "new" and is_late(candidate)
    urgent = channel.at_once is not None and weight >= channel.at_once and (not late or not channel.digest)
    if weight < channel.weight or not (urgent or channel.digest):
        return None
    return Noted(
        subject=_subject(candidate, kind),
        kind=kind,
        article_id=candidate.article_id,
        rule=rule,
        weight=weight,
        urgent=urgent,
        late=late,
    )


def is_late(candidate: Candidate) -> bool:
    """Whether it is an old article that was found, or flagged, only now: never urgent, and told apart."""
    published = candidate.published_at
    return (
        candidate.backfilled
        or candidate.at - candidate.first_fetched_at > _FOUND_LATE
        or (published is not None and candidate.at - published > NEWS)
    )


def _of_interest(channel: Channel, weights: Mapping[str, float]) -> dict[str, float]:
    return {rule: weight for rule, weight in weights.items() if not channel.rules or rule in channel.rules}


def _subject(candidate: Candidate, kind: NoticeKind) -> str:
    number = candidate.article_id
    # A case returns to the queue with every material change: first_fetched_at is that moment here.
    return f"case:{number}" if kind == "new" else f"changed:{number}:{moment(candidate.first_fetched_at)}"
