"""Changed rules are noticed, and what is stored is judged again beside the crawls."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from crawler.config.model import Config, Crawl, Review
from crawler.judging.ruletext import RuleText
from crawler.watching.rejudging import Noticing, Rejudging, stamp
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE
from tests.watching.making import NOW


def test_a_file_is_noticed_once_when_it_has_come_to_rest() -> None:
    noticing = Noticing((1, 10))

    looks = [noticing.look(state) for state in [(1, 10), (2, 11), (3, 12), (3, 12), (3, 12), (3, 12)]]

    assert looks == [False, False, False, True, False, False]


def test_a_file_that_vanishes_for_a_moment_is_not_noticed() -> None:
    noticing = Noticing((1, 10))

    assert not any(noticing.look(state) for state in [None, None, (1, 10), (1, 10)])
    assert stamp(Path("/nowhere/at/all")) is None


def test_what_was_read_otherwise_is_not_noticed_again() -> None:
    noticing = Noticing((1, 10))
    noticing.accept((2, 11))

    assert not any(noticing.look((2, 11)) for _ in range(3))


def test_it_judges_at_the_start_and_when_the_rules_are_others(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def program(*line: str) -> tuple[str, ...]:
        asked.append(line)
        return (sys.executable, "-c", "")

    config = Config(tmp_path / "c.toml", tmp_path / "a.sqlite", Crawl(), Review(), {}, ())
    duty = Rejudging(program, config.rules)
    with Store.open(config.store_path) as store:

        def often() -> int:
            duty.tick(store, NOW)
            return len(asked)

        assert often() == 1
        duty.reload(replace(config, crawl=Crawl(workers=1)))
        duty.reload(replace(config, rules=(RuleText("movement", "Phong trào", any_of=("phong trào",)),)))
        wait_until(lambda: often() > 1, PATIENCE, "it judged again")
        duty.ask_to_end()
        duty.kill()
    assert asked == [("reflag",), ("reflag",)]
