"""The fields of a form that was sent, read strictly."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from crawler.review import wording
from crawler.review.wording import Refused, Trouble

MOST_FIELDS = 20


async def fields_of(request: Request, most: int = MOST_FIELDS) -> list[tuple[str, str]]:
    """Name and value of each field in order; Refused (400) for another kind of body, too many, no UTF-8."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(Trouble.BAD_FORM, wording.ODD_KIND)
    try:
        body = (await request.body()).decode()
        return parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=most)
    except ValueError as error:
        raise Refused(Trouble.BAD_FORM, wording.ODD_BYTES) from error
