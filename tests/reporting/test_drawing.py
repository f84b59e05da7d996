"""The chart's geometry: every number has room, and is written as the text writes it."""

from __future__ import annotations

import pytest

from crawler.reporting.blocks import Bar, Chart
from crawler.reporting.drawing import draw

_WIDEST = 7.7  # of a digit at 12 px, in DejaVu Sans


@pytest.mark.parametrize("highest", [0, 9, 2_407, 1_234_567])
def test_the_scale_has_room_and_values_bear_their_points(highest: int) -> None:
    drawn = draw(Chart("", "", "gắn cờ", "giữ", "mù", (Bar("23/11", highest, 0, 0), Bar("24/11", 0, 0, 0))))
    told = f"{max(tick.value for tick in drawn.ticks):,}"
    assert drawn.left - 6 >= len(told) * _WIDEST
    assert drawn.columns[0].value == (f"{highest:,}".replace(",", ".") if highest else "")
    assert all(drawn.left <= one.x and one.x + one.width <= drawn.width for one in drawn.columns)
