"""Whole runs: what happened is told once in each channel, whatever fails, crashes or comes late."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.config.model import Channel, Config, Notices
from crawler.errors import AlreadyRunning, ConfigError, NotDelivered
from crawler.notices import sending
from crawler.notices.rendering import as_html, as_text
from crawler.notices.running import NoticesLock, run
from crawler.notices.sending import Sent
from crawler.notices.stirring import is_stirred
from storage.connection import Connection
from storage.deliveries import Delivery
from storage.journal import Sought
from storage.records import Complaint, StateChange
from storage.store import Store
from tests.making import BODY, TITLE, article, keep
from tests.notices.making import NOON, at, channel, config, proof, put

START = NOON - timedelta(hours=1)
HOURLY = tuple(time(hour) for hour in range(24))
Told = list[tuple[str, str, list[int]]]  # channel, kind, cases


class Receiver:
    """Takes every message, unless it is told to fail."""

    def __init__(self) -> None:
        self.got: list[Delivery] = []
        self.fails: dict[str, Exception] = {}  # by channel

    def __call__(self, of: Channel, delivery: Delivery) -> str | None:
        """Take it."""
        if of.name in self.fails:
            raise self.fails[of.name]
        self.got.append(delivery)
        return None

    @property
    def told(self) -> Told:
        """What came: channel, kind and numbers of cases."""
        return [(one.channel, one.kind, cases(one)) for one in self.got]


def cases(delivery: Delivery) -> list[int]:
    return [case["id"] for case in (delivery.content or {}).get("cases", ())]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def ran(store: Store, told: Config, now: datetime, by: Receiver) -> Sent:
    return run(store, told, lambda: now, by)


def begun(store: Store, folder: Path, *channels: Channel, **named: Any) -> tuple[Config, Receiver]:
    """A configuration whose channels begin an hour before noon."""
    told, by = config(folder, *channels, **named), Receiver()
    ran(store, told, START, by)
    assert by.got == []
    return told, by


def test_an_old_store_is_not_told_when_a_channel_begins(store: Store, tmp_path: Path) -> None:
    put(store, range(1, 20), [proof(9.0)])
    told, by = begun(store, tmp_path, channel())
    ran(store, told, at("16:30"), by)
    assert by.got == []


def test_the_heavy_are_told_at_once_and_the_others_at_the_hour(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel())
    put(store, [1, 2], [proof(5.0)])
    put(store, [3, 4], [proof(1.0)])
    ran(store, told, NOON, by)
    assert by.told == [("ban", "at-once", [1, 2])]
    ran(store, told, at("16:30"), by)
    assert by.told[1:] == [("ban", "digest", [3, 4])]
    for now in (at("16:31"), at("07:30", 24), at("16:30", 25)):
        ran(store, told, now, by)
    assert len(by.got) == 2
    assert all(one.state == "sent" and one.content is None for one in store.deliveries.newest(9))


def test_each_channel_is_told_by_itself(store: Store, tmp_path: Path) -> None:
    one = channel(name="nhe", at_once=0.0, rules=("dinh_cong",))
    two = channel(name="bao", at_once=0.0, sources=("kontumtv",))
    told, by = begun(store, tmp_path, one, two)
    put(store, [1], [proof(1.0, "camera")])
    put(store, [2], [proof(1.0)], "kontumtv")
    ran(store, told, NOON, by)
    assert sorted(by.told) == [("bao", "at-once", [2]), ("nhe", "at-once", [2])]


def test_one_channels_trouble_stops_no_other(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, *(channel(name=name, at_once=0.0) for name in ("a", "b", "c")))
    by.fails = {"a": NotDelivered("busy"), "b": ConfigError("no file")}
    put(store, [1])
    sent = ran(store, told, NOON, by)
    assert by.told == [("c", "at-once", [1])]
    assert {one.channel: result.state for one, result in sent.failed} == {"a": "waiting", "b": "waiting"}
    sought = Sought(NOON, 9, kinds=frozenset({"message-sent", "message-failed"}))
    said = [one.said for one in store.journal.find(sought)]
    assert said == [
        "a: at-once not sent, to be tried again (busy)",
        "b: at-once not sent, to be tried again (no file)",
        "c: at-once sent",
    ]


def test_a_library_that_breaks_stops_no_other_channel(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(name="a", at_once=0.0), channel(name="b", at_once=0.0))
    by.fails = {"a": RuntimeError("tgram://TOKEN")}
    put(store, [1])
    ran(store, told, NOON, by)
    assert by.told == [("b", "at-once", [1])]
    (waiting,) = store.deliveries.open()
    assert waiting.trouble == "unexpected RuntimeError"


def test_a_channel_that_hangs_is_left_and_stops_no_other(
    store: Store, tmp_path: Path, monkeypatch: Any
) -> None:

    monkeypatch.setattr("crawler.notices.sending._SLACK", 0.05)
    told, by = begun(
        store,
        tmp_path,
        channel(name="a", at_once=0.0, timeout=timedelta(seconds=0.1)),
        channel(name="b", at_once=0.0),
    )
    over = Event()

    def hang(of: Channel, delivery: Delivery) -> str | None:
        if of.name == "a":
            over.wait(30)
        return by(of, delivery)

    put(store, [1])
    run(store, told, lambda: NOON, hang)
    assert by.told == [("b", "at-once", [1])]
    assert [one.trouble for one in store.deliveries.open()] == ["no answer in time"]
    over.set()


def test_what_is_nearly_sent_when_somebody_ends_it_is_noted_and_not_sent_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    put(store, [1])
    heard, asked = sending._heard, [KeyboardInterrupt]

    def interrupted(*waited: Any) -> Any:
        if asked:
            raise asked.pop()
        return heard(*waited)

    monkeypatch.setattr(sending, "_heard", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ran(store, told, NOON, by)
    ran(store, told, NOON + timedelta(minutes=5), by)
    assert by.told == [("ban", "at-once", [1])]
    assert store.deliveries.open() == []


def test_a_failed_message_is_tried_again_as_it_was(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    put(store, [1])
    by.fails = {"ban": NotDelivered("451 later", remaining=("an@example.vn",))}
    ran(store, told, NOON, by)
    (first,) = store.deliveries.open()
    store.verdicts.decide(1, "drop", None, NOON)
    by.fails = {}
    ran(store, told, NOON + timedelta(seconds=30), by)
    assert by.got == []
    ran(store, told, NOON + timedelta(minutes=1), by)
    assert (by.got[0].key, by.got[0].content) == (first.key, first.content)
    assert by.got[0].remaining == ("an@example.vn",)


def test_what_comes_while_a_channel_fails_is_told_together_once_it_is_back(
    store: Store, tmp_path: Path
) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    by.fails = {"ban": NotDelivered("busy")}
    for number in range(1, 5):
        put(store, [number])
        ran(store, told, NOON + timedelta(minutes=number), by)
    by.fails = {}
    for minutes in (30, 31):
        ran(store, told, NOON + timedelta(minutes=minutes), by)
    assert by.told == [("ban", "at-once", [1]), ("ban", "at-once", [2, 3, 4])]


def test_what_is_refused_for_good_is_tried_again_when_somebody_asks(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    put(store, [1])
    by.fails = {"ban": NotDelivered("550 nobody", for_good=True)}
    ran(store, told, NOON, by)
    (failed,) = store.deliveries.newest(9, failed=True)
    assert (failed.state, failed.trouble) == ("refused", "550 nobody")
    by.fails = {}
    ran(store, told, NOON + timedelta(days=1), by)
    assert by.got == []
    store.deliveries.again(failed.id, NOON + timedelta(days=1))
    ran(store, told, NOON + timedelta(days=1), by)
    assert by.told == [("ban", "at-once", [1])]


def test_a_message_is_given_up_after_days_and_the_next_is_not(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    put(store, [1])
    by.fails = {"ban": NotDelivered("busy")}
    now = NOON
    while store.deliveries.newest(1) == [] or store.deliveries.newest(1)[0].state == "waiting":
        ran(store, told, now, by)
        now += timedelta(hours=1)
    assert timedelta(days=2, hours=18) < now - NOON <= timedelta(days=3, hours=1)
    assert store.deliveries.newest(1)[0].state == "given-up"


def test_nothing_is_sent_in_quiet_hours_not_even_what_failed_before(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0, quiet_hours=(time(13), time(14))))
    put(store, [1])
    by.fails = {"ban": NotDelivered("busy")}
    ran(store, told, at("12:59"), by)
    by.fails = {}
    put(store, [2])
    ran(store, told, at("13:30"), by)
    assert by.got == []
    ran(store, told, at("14:00"), by)
    ran(store, told, at("14:01"), by)
    assert by.told == [("ban", "at-once", [1]), ("ban", "at-once", [2])]


def test_a_flood_is_one_message_that_counts(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0), notices=Notices(most_listed=5))
    put(store, range(1, 31))
    ran(store, told, NOON, by)
    assert by.got[0].content
    assert by.got[0].content["counts"] == {"new": 30, "changed": 0, "late": 0, "listed": 5, "all": 30}
    ran(store, told, at("16:30"), by)
    assert len(by.got) == 1


def test_what_new_rules_find_in_old_articles_waits_for_the_digest_apart(store: Store, tmp_path: Path) -> None:
    keep(store, [replace(article(number), body=f"{BODY} {number}") for number in (1, 2)])
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    ran(store, told, at("12:00", 28), by)
    for number in (1, 2):
        store.flags.replace(number, [proof(9.0)], NOON + timedelta(days=5))
    ran(store, told, at("12:30", 28), by)
    assert by.got == []
    ran(store, told, at("16:30", 28), by)
    assert by.told == [("ban", "digest", [1, 2])]
    assert by.got[0].content
    assert by.got[0].content["counts"]["late"] == 2


def test_what_lost_its_flag_before_it_was_told_is_told_when_it_is_flagged_again(
    store: Store, tmp_path: Path
) -> None:
    told, by = begun(store, tmp_path, channel())
    put(store, [1])
    ran(store, told, NOON, by)
    store.flags.replace(1, [], NOON)
    ran(store, told, at("16:30"), by)
    assert by.got == []
    store.flags.replace(1, [proof()], at("17:00"))
    ran(store, told, at("07:30", 24), by)
    assert by.told == [("ban", "digest", [1])]


def test_what_waits_for_a_digest_waits_no_longer_once_a_heavier_rule_follows(
    store: Store, tmp_path: Path
) -> None:
    told, by = begun(store, tmp_path, channel())
    put(store, [1])
    ran(store, told, NOON, by)
    store.flags.replace(1, [proof(), proof(5.0, "camera")], NOON)
    ran(store, told, NOON + timedelta(minutes=1), by)
    assert by.told == [("ban", "at-once", [1])]
    store.flags.replace(1, [proof(), proof(9.0, "an_ninh")], NOON)
    ran(store, told, at("16:30"), by)
    assert len(by.got) == 1


def test_a_rule_whose_text_changes_and_flags_the_same_tells_nothing(store: Store, tmp_path: Path) -> None:
    put(store, [1, 2])
    told, by = begun(store, tmp_path, channel(at_once=0.0, digest=()))
    for number in (1, 2):
        store.flags.replace(number, [replace(proof(9.0), version="v2")], NOON)
    store.flags.replace(2, [replace(proof(9.0), version="v2"), proof(9.0, "camera")], NOON)
    ran(store, told, NOON, by)
    assert by.told == [("ban", "at-once", [2])]


def test_a_copy_of_what_was_told_is_not_told_again(store: Store, tmp_path: Path) -> None:
    long = "\n\n".join(f"{BODY} Câu thứ {n} của bài này nói về việc làm và tiền lương." for n in range(12))
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    keep(store, [replace(article(1), body=long, title=TITLE)], [proof()])
    ran(store, told, NOON, by)
    keep(store, [replace(article(2, "kontumtv"), body=long, title=TITLE)], [proof()])
    case = store.cases.get(2)
    assert case
    assert case.story == (1,)
    ran(store, told, at("16:30"), by)
    assert by.told == [("ban", "at-once", [1])]


def test_a_decided_case_that_changed_is_told_as_changed_once(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0))
    put(store, [1])
    ran(store, told, NOON, by)
    store.verdicts.decide(1, "keep", None, NOON + timedelta(minutes=1))
    _change(
        store, 1, "Hơn 900 công nhân đình công, ba người bị bắt, nhà máy đóng cửa.", NOON + timedelta(hours=1)
    )
    now = NOON + timedelta(hours=1, minutes=1)
    ran(store, told, now, by)
    ran(store, told, now + timedelta(minutes=1), by)
    assert [one.content["cases"][0]["kind"] for one in by.got if one.content] == ["new", "changed"]
    store.verdicts.decide(1, "keep", None, now)
    _change(store, 1, "Nhà máy mở cửa lại sau thương lượng, ngừng việc kết thúc.", now + timedelta(hours=1))
    ran(store, told, now + timedelta(hours=1), by)
    assert len(by.got) == 3


def test_what_no_channel_asks_for_keeps_nobody_busy(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0, rules=("camera",)))
    put(store, [1])
    store.verdicts.decide(1, "keep", None, NOON + timedelta(minutes=1))
    now = NOON + timedelta(hours=1)
    _change(store, 1, "Hơn 900 công nhân đình công, ba người bị bắt.", now)
    assert is_stirred(store, told, now)
    ran(store, told, now, by)
    assert by.got == []
    assert not is_stirred(store, told, now)


def _change(store: Store, number: int, body: str, now: datetime) -> None:
    from storage.records import Kept, Page

    case = store.cases.get(number)
    assert case
    told = replace(case.article, body=body)
    page = Page(told.url, 200, (), now, body.encode())
    flag = proof(field="title")
    store.keep([Kept(told.key, page, told, (flag,))], now)
    changed = store.cases.get(number)
    assert changed
    assert changed.material_at == now


def test_papers_that_fall_ill_and_get_well_are_told_once_each(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel())
    store.states.record(StateChange(0, "baohatinh", NOON, "well", None, ""))
    store.states.record(StateChange(0, "baohatinh", NOON, "dead", "well", "nothing can be had"))
    ran(store, told, NOON, by)
    assert by.got == []
    now = NOON + timedelta(minutes=10)
    ran(store, told, now, by)
    ran(store, told, now + timedelta(minutes=30), by)
    assert [one.subject for one in by.got] == ["[Điểm báo] 1 báo có trục trặc: baohatinh"]
    store.states.record(StateChange(0, "baohatinh", now, "well", "dead", ""))
    ran(store, told, now, by)
    ran(store, told, now + timedelta(minutes=10), by)
    assert [one.subject for one in by.got[1:]] == ["[Điểm báo] 1 báo đã trở lại bình thường: baohatinh"]


def test_what_never_arrived_in_one_channel_is_told_in_the_others_once(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(name="a", at_once=0.0), channel(name="b", tells=("sources",)))
    put(store, [1])
    by.fails = {"a": NotDelivered("550 nobody", for_good=True)}
    ran(store, told, NOON, by)
    for minutes in (1, 12, 30, 60):
        ran(store, told, NOON + timedelta(minutes=minutes), by)
    assert [(one.channel, one.subject) for one in by.got] == [("b", "[Điểm báo] 1 tin không tới kênh a")]
    assert "550 nobody" in as_text(by.got[0].content or {})
    assert "550 nobody" in as_html(by.got[0].content or {})


FAILED = Complaint("backup-failed", "the backup failed: the disk is full", {"at": NOON.isoformat()})


def test_a_complaint_of_the_store_is_told_once_when_it_begins_and_once_when_it_is_over(
    store: Store, tmp_path: Path
) -> None:
    told, by = begun(store, tmp_path, channel(), channel(name="nhe", tells=("articles",)))
    hour = timedelta(hours=1)
    store.complaints.see([FAILED], NOON)
    assert is_stirred(store, told, NOON)
    for now in (NOON, NOON + hour, NOON + 2 * hour):
        store.complaints.see([FAILED], now)
        ran(store, told, now, by)
    assert [(one.channel, one.subject) for one in by.got] == [
        ("ban", "[Điểm báo] kho dữ liệu: 1 điều cần xem lại")
    ]
    assert not is_stirred(store, told, NOON + 2 * hour)
    store.complaints.see([], NOON + 3 * hour)
    assert is_stirred(store, told, NOON + 3 * hour)
    for hours in (3, 4, 5):
        ran(store, told, NOON + hours * hour, by)
    assert [one.subject for one in by.got[1:]] == ["[Điểm báo] kho dữ liệu: 1 điều đã ổn"]
    store.complaints.see([FAILED], NOON + 6 * hour)
    for hours in (6, 7):
        ran(store, told, NOON + hours * hour, by)
    assert len(by.got) == 3


def test_a_complaint_that_is_over_before_it_is_told_is_not_told(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel())
    for found in ([FAILED], []):
        store.complaints.see(found, NOON)
        ran(store, told, NOON, by)
    ran(store, told, NOON + timedelta(hours=1), by)
    assert by.got == []
    assert not is_stirred(store, told, NOON + timedelta(hours=1))


def test_a_channel_that_begins_is_told_what_is_wrong_with_the_store_now(store: Store, tmp_path: Path) -> None:
    store.complaints.see([replace(FAILED, kind="backup-gone"), FAILED], START - timedelta(days=2))
    store.complaints.see([FAILED], START - timedelta(days=1))
    told, by = begun(store, tmp_path, channel(language="en", weekly=(0, time(13))))
    ran(store, told, NOON, by)
    assert [one.subject for one in by.got] == ["[Press review] the store: 1 to be looked at"]
    ran(store, told, at("13:00"), by)
    assert by.got[1].kind == "weekly"
    assert "the disk is full" in as_text(by.got[1].content or {})
    assert "the disk is full" in as_html(by.got[1].content or {})


def test_two_channels_that_refuse_all_do_not_tell_each_other_for_ever(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(name="a", at_once=0.0), channel(name="b", at_once=0.0))
    put(store, [1])
    by.fails = dict.fromkeys("ab", NotDelivered("550 nobody", for_good=True))
    for minutes in range(0, 120, 11):
        ran(store, told, NOON + timedelta(minutes=minutes), by)
    kinds = Counter(one.kind for one in store.deliveries.newest(99))
    assert kinds == {"at-once": 2, "sources": 2}


def test_the_weekly_message_comes_though_nothing_happened(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(weekly=(1, time(8))))
    for now in (at("07:59", 24), at("08:00", 24), at("08:01", 24), at("23:00", 30)):
        ran(store, told, now, by)
    assert [(one.kind, one.made_at) for one in by.got] == [("weekly", at("08:00", 24))]


def test_what_happens_while_a_channel_is_off_is_not_told_later(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel(at_once=0.0, enabled=False))
    put(store, [1])
    ran(store, told, NOON, by)
    on = config(tmp_path, channel(at_once=0.0))
    ran(store, on, NOON, by)
    put(store, [2])
    ran(store, on, NOON + timedelta(minutes=1), by)
    assert by.told == [("ban", "at-once", [2])]


def test_only_one_process_sends_at_a_time(store: Store, tmp_path: Path) -> None:
    told, by = begun(store, tmp_path, channel())
    with (
        NoticesLock(told.store_path),
        pytest.raises(AlreadyRunning, match="another process sends"),
    ):
        ran(store, told, NOON, by)


class Crash(BaseException):
    """The process is killed."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    Store.open(path).close()
    return path


_STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # new articles
        st.sampled_from((1.0, 5.0)),  # their weight
        st.one_of(st.none(), st.integers(0, 40)),  # the write at which it crashes; None: at none
        st.sampled_from((None, NotDelivered("busy"), NotDelivered("451", remaining=("an@example.vn",)))),
        st.sampled_from((-90, 1, 20, 200, 1500)),  # minutes that pass
    ),
    max_size=4,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_never_twice_and_never_lost_wherever_it_crashes(
    steps: list[tuple[int, float, int | None, NotDelivered | None, int]], empty: Path, tmp_path: Path
) -> None:
    shutil.copy(empty, tmp_path / "store.sqlite")
    channels = (channel(name="a", digest=HOURLY), channel(name="b", at_once=None, digest=HOURLY))
    told, by, now, count = config(tmp_path, *channels), Receiver(), START, 0
    _run(tmp_path, told, now, by, None)
    for new, weight, crash, failure, minutes in steps:
        with Store.open(tmp_path / "store.sqlite") as store:
            put(store, range(count + 1, count + new + 1), [proof(weight)])
        count += new
        by.fails = {"a": failure} if failure else {}
        _run(tmp_path, told, now, by, crash)
        now += timedelta(minutes=minutes)
    by.fails = {}
    for _ in range(3):
        now += timedelta(hours=5)
        _run(tmp_path, told, now, by, None)
    # Receivers know doubles by the key: what came twice under one key was the same.
    once = {one.key: (one.channel, cases(one)) for one in by.got}
    assert all(once[one.key] == (one.channel, cases(one)) for one in by.got)
    for name in ("a", "b"):
        numbers = Counter(number for of, listed in once.values() if of == name for number in listed)
        assert numbers == Counter(range(1, count + 1))


def _run(folder: Path, told: Config, now: datetime, by: Receiver, crash: int | None) -> None:
    with Store.open(folder / "store.sqlite") as store, pytest.MonkeyPatch.context() as patching:
        if crash is not None:
            _crash_at(crash, patching)
        with suppress(Crash):
            ran(store, told, now, by)


def _crash_at(write: int, patching: pytest.MonkeyPatch) -> None:
    left, execute = [write], Connection.execute

    def crashing(self: Connection, sql: str, parameters: Any = ()) -> Any:
        if not sql.lstrip().startswith(("SELECT", "ROLLBACK", "PRAGMA")):
            if not left[0]:
                raise Crash
            left[0] -= 1
        return execute(self, sql, parameters)

    patching.setattr(Connection, "execute", crashing)
