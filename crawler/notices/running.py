"""One run of telling people: what the daemon's errand does, or cron, or a person; one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from crawler.config.model import Config
from crawler.crawling.locks import Lock
from crawler.notices.gathering import gather
from crawler.notices.sending import Send, Sent, send, send_due
from crawler.times import utc_now
from storage.store import Store


class NoticesLock(Lock):
    """One store's messages, to one process that sends them."""

    def __init__(self, store_path: Path) -> None:
        path = store_path.absolute()
        super().__init__(
            path.parent / "locks" / f"notices of {quote(path.name, safe='')}.lock",
            f"{path}: another process sends its messages",
        )


def run(store: Store, config: Config, now: Callable[[], datetime] = utc_now, by: Send = send) -> Sent:
    """Note, make and send all that is due; AlreadyRunning while another process is at it."""
    with NoticesLock(config.store_path):
        gather(store, config, now())
        return send_due(store, config, now, by)
