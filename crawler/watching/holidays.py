"""Pure: the days on which Vietnam's papers write less, and how much less at the least."""

from __future__ import annotations

from datetime import date, timedelta

# The first day of the lunar year in Vietnam: the second new moon (in a leap winter the third) after the one
# whose month holds the winter solstice, by the clock of +07:00, reckoned with PyEphem. After the last of
# them no lull is known any more, and a silence at Tết is told too soon.
_NEW_YEARS = tuple(
    map(
        date.fromisoformat,
        (
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2028-01-26",
            "2029-02-13",
            "2030-02-02",
            "2031-01-23",
            "2032-02-11",
            "2033-01-31",
            "2034-02-19",
            "2035-02-08",
            "2036-01-28",
            "2037-02-15",
            "2038-02-04",
            "2039-01-24",
            "2040-02-12",
        ),
    )
)
_TET = frozenset(new_year + timedelta(days=day) for new_year in _NEW_YEARS for day in range(-2, 8))
_FIXED = frozenset(
    {(1, 1), (4, 30), (5, 1), (9, 2)}
)  # (month, day) of public holidays with a date of their own
_LEFT_AT_TET, _LEFT = 0.1, 0.3  # of what an ordinary day would bring


def left(day: date) -> float:
    """The share of an ordinary day's articles that one may count on: 1.0 on all but holidays.

    Taken low on purpose: many papers go on at Tết, but a portal that does not is no silence to be told.
    """
    if day in _TET:
        return _LEFT_AT_TET
    return _LEFT if (day.month, day.day) in _FIXED else 1.0
