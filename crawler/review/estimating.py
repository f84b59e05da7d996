"""How much a random sample says of the whole; pure."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964  # 95 of 100 intervals hold the true share


def wilson(hits: int, seen: int) -> tuple[float, float] | None:
    """Between which shares (0 … 1) the true one lies, 95 % sure; None: nothing was seen.

    The score interval of E. B. Wilson (1927): right also for small samples and for shares near 0 or 1.
    """
    if seen == 0:
        return None
    share, square = hits / seen, _Z * _Z
    middle = share + square / (2 * seen)
    reach = _Z * sqrt(share * (1 - share) / seen + square / (4 * seen * seen))
    low, high = ((middle + sign * reach) / (1 + square / seen) for sign in (-1, 1))
    return (0.0 if hits == 0 else low), (1.0 if hits == seen else high)
