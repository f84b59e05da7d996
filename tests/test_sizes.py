"""Amounts of bytes, written and read."""

from __future__ import annotations

import pytest

from crawler.sizes import Size, size, spelled_size


@pytest.mark.parametrize(
    ("text", "amount", "written"),
    [
        ("20GB", 20 * 10**9, "20GB"),
        (" 1.5 tib ", 3 * 2**39, "1536GiB"),
        ("500mb", 500 * 10**6, "500MB"),
        ("7b", 7, "7B"),
        ("1234kB", 1_234_000, "1234kB"),
    ],
)
def test_a_size_is_read_and_written(text: str, amount: int, written: str) -> None:
    assert (size(text), size(text).written, size(written)) == (amount, written, amount)


@pytest.mark.parametrize(
    "text", ["", "20", "GB", "-1GB", "0GB", "1,5GB", "20 GB/s", "9999999999TB", "9" * 400 + "B"]
)
def test_what_is_no_size_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like|must be more"):
        size(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_234_567, "1.23 MB"), (20 * 10**9, "20 GB"), (999_900, "1000 kB")],
)
def test_an_amount_is_spelled_for_people(amount: int, text: str) -> None:
    assert spelled_size(amount) == text


def test_a_size_is_a_number() -> None:
    assert Size(5) + 1 == 6
    assert f"{Size(20 * 10**9)}" == "20GB"
