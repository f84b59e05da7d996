"""Pages: small in the store, whole again outside it, and never larger than they were."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from storage.compression import DICTIONARY_SIZES, Damaged, Squeezer, trained
from storage.errors import StoreDamaged, StoreFull
from storage.pages import ENOUGH_PAGES, RENEWED_AFTER
from storage.records import Kept
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, found, kept, page, put

_SHELL = "".join(
    f'<div class="o o-{n}" data-so="{n * 7919 % 1000}"><a href="/muc/{n * 104729 % 99991}">Mục {n}</a></div>'
    for n in range(500)
)


def body(number: int) -> bytes:
    """A page of about 40 KB: the paper's frame, and an article of its own."""
    told = random.Random(number)
    text = " ".join(f"từ{told.randrange(10_000)}" for _ in range(400))
    return f"<html>{_SHELL}<article>{text}</article>{_SHELL}</html>".encode()


def put_pages(store: Store, numbers: range) -> None:
    store.links.offer(SOURCE, [found(n) for n in numbers], NOON)
    told = {n: article(n) for n in numbers}
    store.keep([Kept(of.key, page(of, NOON, body(n)), of, ()) for n, of in told.items()], NOON)


def dictionaries(store: Store) -> int:
    return int(store._db.value("SELECT count(*) FROM dictionaries"))


def stored_size(store: Store, first: int) -> int:
    return int(store._db.value("SELECT avg(length(body)) FROM pages WHERE id >= ?", [first]))


def test_a_page_comes_back_byte_for_byte_whatever_it_is(store: Store) -> None:
    for n, raw in enumerate(
        [b"", b"\0\xff" * 1000, random.Random(1).randbytes(50_000), "Tiếng Việt".encode()]
    ):
        of = article(n)
        store.links.offer(SOURCE, [found(n)], NOON)
        store.keep([Kept(of.key, page(of, NOON, raw), of, ())], NOON)
        newest = store.pages.newest(n + 1)
        assert newest
        assert newest.body == raw


def test_an_unknown_article_has_no_page(store: Store) -> None:
    assert store.pages.newest(1) is None


def test_a_dictionary_waits_for_enough_pages(store: Store) -> None:
    put_pages(store, range(ENOUGH_PAGES - 1))
    assert not store.pages.train(SOURCE, NOON)
    assert dictionaries(store) == 0
    put_pages(store, range(ENOUGH_PAGES - 1, ENOUGH_PAGES))
    assert dictionaries(store) == 1
    assert not store.pages.train(SOURCE, NOON)
    assert not store.pages.train("khac", NOON)


def test_a_dictionary_makes_later_pages_far_smaller_and_leaves_old_ones_readable(store: Store) -> None:
    put_pages(store, range(ENOUGH_PAGES))
    plain = stored_size(store, 0)
    put_pages(store, range(ENOUGH_PAGES, ENOUGH_PAGES + 10))
    assert stored_size(store, ENOUGH_PAGES + 1) * 2.5 < plain
    with Store.open(store.path) as other:
        for number in (1, ENOUGH_PAGES, ENOUGH_PAGES + 1, ENOUGH_PAGES + 10):
            newest = other.pages.newest(number)
            assert newest
            assert newest.body == body(number - 1)


def test_a_dictionary_trained_elsewhere_is_used_at_once(store: Store) -> None:
    put_pages(store, range(ENOUGH_PAGES - 1))
    with Store.open(store.path) as other:
        put_pages(other, range(ENOUGH_PAGES - 1, ENOUGH_PAGES))
    put_pages(store, range(ENOUGH_PAGES, ENOUGH_PAGES + 1))
    assert store._db.value("SELECT dictionary_id FROM pages ORDER BY id DESC") == 1


def test_a_longer_write_is_not_held_up_by_training(store: Store) -> None:
    with store.write():
        put_pages(store, range(ENOUGH_PAGES))
    assert dictionaries(store) == 0
    assert store.pages.train(SOURCE, NOON)


def test_a_dictionary_is_renewed_after_many_more_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.pages.RENEWED_AFTER", ENOUGH_PAGES)
    assert RENEWED_AFTER > ENOUGH_PAGES
    put_pages(store, range(ENOUGH_PAGES))
    assert dictionaries(store) == 1
    put_pages(store, range(ENOUGH_PAGES, 2 * ENOUGH_PAGES))
    assert dictionaries(store) == 2


def test_what_is_kept_is_kept_even_if_training_fails(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bool:
        raise StoreFull(store.path, "no room")

    monkeypatch.setattr(store.pages, "train", full)
    store.links.offer(SOURCE, [found()], NOON)
    assert store.keep([kept(article())], NOON) == ("kept",)


def test_an_expansion_stops_at_the_size_that_was_recorded() -> None:
    squeezer = Squeezer()
    bomb = squeezer.squeeze(b"0" * 50_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(Damaged, match="101 bytes or more"):
        squeezer.expand(bomb, 100)


@pytest.mark.parametrize("size", [99, 101])
def test_a_wrong_size_is_damage(size: int) -> None:
    squeezer = Squeezer()
    with pytest.raises(Damaged):
        squeezer.expand(squeezer.squeeze(b"x" * 100), size)


def test_a_flipped_bit_is_damage() -> None:
    squeezer = Squeezer()
    raw = random.Random(2).randbytes(1000)
    frame = bytearray(squeezer.squeeze(raw))
    frame[500] ^= 1
    with pytest.raises(Damaged):
        squeezer.expand(bytes(frame), len(raw))


def test_a_damaged_page_is_named(store: Store) -> None:
    put_pages(store, range(1))
    store._db.execute("UPDATE pages SET body = x'00'")
    with pytest.raises(StoreDamaged, match="page 1 is damaged"):
        store.pages.newest(1)


def test_pages_that_share_nothing_give_no_dictionary() -> None:
    assert trained([b"", b""]) is None


def test_a_training_that_came_to_nothing_is_not_tried_again_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("storage.pages.trained", lambda samples: asked.append(len(samples)))
    put_pages(store, range(ENOUGH_PAGES))
    assert not store.pages.train(SOURCE, NOON)
    assert asked == [ENOUGH_PAGES]
    put_pages(store, range(ENOUGH_PAGES, 2 * ENOUGH_PAGES))
    assert asked == [ENOUGH_PAGES, ENOUGH_PAGES]


def test_the_dictionary_taken_is_the_one_that_proves_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary too large for its samples is far worse than a smaller one."""
    samples = [body(n)[:9_000] for n in range(ENOUGH_PAGES)]
    later = [body(n)[:9_000] for n in range(1000, 1010)]

    def weight(dictionary: bytes | None) -> int:
        squeezer = Squeezer(dictionary)
        return sum(len(squeezer.squeeze(page)) for page in later)

    best = weight(trained(samples))
    for size in DICTIONARY_SIZES:
        monkeypatch.setattr("storage.compression.DICTIONARY_SIZES", (size,))
        assert best <= weight(trained(samples)) * 1.02


def test_every_page_of_an_article_is_told_oldest_first(store: Store) -> None:
    changed = replace(article(), body="Đoạn khác hẳn, dài hơn và nói chuyện khác.")
    first, second = put(store, article()), put(store, changed, now=NOON + HOUR)
    put(store, article(2))
    assert first == second
    assert [told.fetched_at for told in store.pages.of(first)] == [NOON, NOON + HOUR]
    assert list(store.pages.of(99)) == []


def test_when_a_store_was_last_written_follows_from_what_is_in_it(store: Store) -> None:
    assert store.last_written() is None
    number = put(store, article())
    assert store.last_written() == NOON
    store.verdicts.decide(number, "keep", None, NOON + HOUR)
    assert store.last_written() == NOON + HOUR
    store.verdicts.undo(NOON + 2 * HOUR, number)
    assert store.last_written() == NOON + 2 * HOUR
