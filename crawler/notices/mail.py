"""Pure: a message as mail: plain text and HTML, headers that no foreign text can break out of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from crawler.notices.content import plain
from crawler.notices.rendering import as_html, as_text
from crawler.times import VIETNAM


class _Folding(EmailPolicy):
    """Python 3.11's own folding of a subject loses spaces where a line of it ends (python/cpython#92081)."""

    def fold(self, name: str, value: str) -> str:
        """As `fold_binary`, which is what is sent, for whoever prints it."""
        return _encoded(name, value, self.linesep) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header's line or lines."""
        return (_encoded(name, value, self.linesep) or "").encode() or super().fold_binary(name, value)


_POLICY = _Folding(linesep="\r\n")  # otherwise email.policy.SMTP


def _encoded(name: str, value: str, end: str) -> str | None:
    """A subject with marks; None: another header, which Python folds well."""
    if name.lower() != "subject" or value.isascii():
        return None
    return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=end)}{end}"


def mail(content: Mapping[str, Any], sender: str, to: Sequence[str]) -> EmailMessage:
    """The message as it is sent; the same content gives the same Message-ID, at every attempt."""
    domain = sender.rpartition("@")[2]
    made = EmailMessage(policy=_POLICY)
    made["From"] = f"diembao <{sender}>"
    made["To"] = ", ".join(to)
    made["Subject"] = plain(content["subject"])
    made["Date"] = format_datetime(datetime.fromisoformat(content["made_at"]).astimezone(VIETNAM))
    made["Message-ID"] = f"<{content['id']}@{domain}>"
    made["List-Id"] = f"<{content['channel']}.diembao.{domain}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply comes back
    made["X-Auto-Response-Suppress"] = "All"
    made["X-Diembao-Kind"] = content["kind"]
    # Base64 lines are short whatever a paper writes, and no relay has to wrap them.
    made.set_content(as_text(content), charset="utf-8", cte="base64")
    made.add_alternative(as_html(content), subtype="html", charset="utf-8", cte="base64")
    made.set_boundary(f"=_{content['id']}")
    return made
