"""The gate: sessions that end, guesses that wait, secrets kept as hashes only."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.passwords import as_hashed, hashed
from crawler.review.gate import IDLE, LONGEST, OF_ALL, OF_ONE, Failures, Gate

PASSWORD = "mật khẩu của Lan"
HASH = hashed(PASSWORD, b"0123456789abcdef", strength=10)
HERE = "192.0.2.7"


@pytest.fixture
def gate() -> Gate:
    return Gate(HASH, "token-of-thirty-two-characters!!")


def guess(gate: Gate, secret: str = "sai", address: str = HERE, now: float = 0.0) -> str | None:
    gate.knock(address, now)
    return gate.enter(secret, address, now)


def test_the_hash_is_read_back_and_is_of_that_password_alone() -> None:
    assert as_hashed(HASH.written()) == HASH
    assert HASH.is_of(PASSWORD)
    assert not HASH.is_of(PASSWORD + " ")
    assert PASSWORD not in HASH.written()


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert HASH.is_of("mật khẩu của Lan")


@pytest.mark.parametrize("text", ["", "scrypt", "mật khẩu", "scrypt$99$AA==$AA==", HASH.written()[:-1]])
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="--set-password"):
        as_hashed(text)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValueError, match="10 characters"):
        hashed("123456789", b"0123456789abcdef")


def test_the_right_secret_opens_a_session_and_a_wrong_one_none(gate: Gate) -> None:
    assert gate.enter("sai rồi", HERE, 0.0) is None
    for secret in (PASSWORD, "token-of-thirty-two-characters!!"):
        token = gate.enter(secret, HERE, 1.0)
        assert token
        assert len(token) >= 40
        assert gate.knows(token, 2.0)
        gate.leave(token)
        assert not gate.knows(token, 2.0)
    assert not gate.knows("", 2.0)


def test_a_session_ends_when_unused_and_at_last_anyway(gate: Gate) -> None:
    token = gate.enter(PASSWORD, HERE, 0.0)
    assert token
    assert not gate.knows(token, IDLE + 1)
    token = gate.enter(PASSWORD, HERE, 0.0)
    assert token
    used = 0.0
    while used + IDLE < LONGEST:
        used += IDLE
        assert gate.knows(token, used)
    assert not gate.knows(token, LONGEST + 1)


def test_guesses_from_one_place_wait_longer_and_longer_and_others_do_not(gate: Gate) -> None:
    waits, now = [], 100.0
    for _ in range(8):
        gate.knock(HERE, now)
        waits.append(gate.wait(HERE, now))
        now += waits[-1]
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32]
    assert gate.wait("192.0.2.8", now) == 0
    gate.knock(HERE, now)
    assert gate.wait(HERE, now + 4) == 60
    assert gate.knock(HERE, now + 4) == 60  # and is not counted
    assert gate.wait(HERE, now + 4) == 60
    assert gate.wait(HERE, now + 5000) == 0


def test_neighbours_of_one_ipv6_network_wait_together(gate: Gate) -> None:
    for n in range(4):
        guess(gate, address=f"2001:db8::{n}")
    assert gate.wait("2001:db8::ffff", 0.0) > 0
    assert gate.wait("2001:db8:0:1::1", 0.0) == 0
    for _ in range(4):
        guess(gate, address="::ffff:192.0.2.7")
    assert gate.wait(HERE, 0.0) > 0


def test_guesses_from_everywhere_make_all_wait_but_not_for_long(gate: Gate) -> None:
    for n in range(100):
        guess(gate, address=f"198.51.100.{n}", now=60.0 * n)
    assert gate.wait(HERE, 60.0 * 99) == OF_ALL.longest


def test_the_right_password_forgives_what_was_mistyped_before(gate: Gate) -> None:
    for _ in range(3):
        guess(gate)
    assert guess(gate, PASSWORD, now=5.0)
    assert gate.wait(HERE, 5.0) == 0


def test_a_program_shows_the_token_and_a_wrong_one_counts_as_a_guess(gate: Gate) -> None:
    assert gate.bears_token("Bearer token-of-thirty-two-characters!!", HERE, 0.0)
    basic = b64encode(b"reader:token-of-thirty-two-characters!!").decode()
    assert gate.bears_token(f"Basic {basic}", HERE, 0.0)
    for odd in ("Basic token-of-thirty-two-characters!!", "Basic /w==", "Basic", "Digest x", ""):
        assert not gate.bears_token(odd, HERE, 0.0)
    for _ in range(4):
        assert not gate.bears_token("Bearer x", HERE, 0.0)
    assert gate.wait(HERE, 0.0) > 0
    assert not Gate(HASH, None).bears_token("Bearer ", HERE, 0.0)


@given(st.integers(0, 10_000), st.floats(0, 1e6), st.floats(0, 1e6))
def test_nobody_waits_longer_than_is_promised(count: int, last: float, now: float) -> None:
    for patience in (OF_ONE, OF_ALL):
        assert 0 <= Failures(count, last).wait(patience, max(last, now)) <= patience.longest
