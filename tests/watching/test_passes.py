"""One pass: what is crawled, how it is told, how it is stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.config.model import Config, Crawl, Review, Source
from crawler.errors import RuleError, UsageError
from crawler.judging.ruletext import RuleText
from crawler.times import utc_now
from crawler.watching.passes import Pass, PassResult, chosen, exit_code, run_pass
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.daemons import ROOT
from tests.watching.fakes import PATIENCE, alive, fake_command, number_of
from tests.watching.making import source

PASS = """
import sys
from pathlib import Path
from tests.watching.test_passes import configured, passed
result = passed(configured(Path(sys.argv[1]), sys.argv[2:]), print)
sys.exit(result.exit_code)
"""


def configured(folder: Path, names: Sequence[str], deadline: timedelta = timedelta(minutes=30)) -> Config:
    """Fake sources on hosts of their own, but that those named `NAME@HOST` share one."""
    sources: dict[str, Source] = {}
    for written in names:
        name, _, host = written.partition("@")
        host = host or f"{name.replace('_', '-')}.example"
        (folder / f"{name}.host").write_text(host)
        sources[name] = source(name, f"https://{host}/")
    return Config(
        folder / "c.toml", folder / "a.sqlite", Crawl(deadline=deadline, batch=1), Review(), sources, ()
    )


def passed(config: Config, announce: object = None) -> PassResult:
    """A pass over all sources of `config` by fake children."""
    say = announce if callable(announce) else lambda line: None
    with Store.open(config.store_path) as store:

        def command(names: Sequence[str]) -> tuple[str, ...]:
            return fake_command(config.path, config.store_path, names)

        return Pass(config, store, command, say).run(chosen(config, ()))


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        (["done"], 0),
        (["done", "done"], 0),
        (["done", "failed"], 3),
        (["busy", "done"], 3),
        (["killed", "dead"], 1),
        (["busy"], 1),
    ],
)
def test_the_exit_code_says_whether_all_some_or_none_were_done(outcomes: list[str], code: int) -> None:
    assert exit_code(outcomes) == code


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_pass_exits_by_its_signal(number: int, code: int) -> None:
    assert PassResult((), ("bao",), number).exit_code == code


def test_all_enabled_sources_are_crawled_unless_some_are_named(tmp_path: Path) -> None:
    config = configured(tmp_path, ["a", "b"])
    off = source("off", enabled=False)
    config = Config(
        config.path, config.store_path, config.crawl, config.review, {**config.sources, "off": off}, ()
    )
    assert [each.name for each in chosen(config, ())] == ["a", "b"]
    assert [each.name for each in chosen(config, ("off", "a", "off"))] == ["off", "a"]


def test_an_unknown_source_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no source 'baohatin' in .*; did you mean baohatinh\?"):
        chosen(configured(tmp_path, ["baohatinh", "x"]), ("baohatin",))
    with pytest.raises(UsageError, match="there are: baohatinh, x"):
        chosen(configured(tmp_path, ["baohatinh", "x"]), ("qqq",))


@pytest.mark.slow
def test_a_pass_tells_how_every_source_fared(tmp_path: Path) -> None:
    said: list[str] = []
    result = passed(configured(tmp_path, ["quick", "crashing", "busy", "short"]), said.append)
    assert {each.source: each.outcome for each in result.results} == {
        "quick": "done",
        "crashing": "failed",
        "busy": "busy",
        "short": "done",
    }
    assert result.exit_code == 3
    assert "quick: done in 0s: found 3, new 1, kept 1" in said
    assert "busy: another crawl is at busy.example; try again when it has finished" in said
    with Store.open(tmp_path / "a.sqlite") as store:
        states = {name: change.state for name, change in store.states.latest().items()}
    assert states == {"quick": "well", "crashing": "ill", "short": "well"}


@pytest.mark.slow
def test_a_crawl_past_its_deadline_is_killed_and_the_others_go_on(tmp_path: Path) -> None:
    result = passed(configured(tmp_path, ["hanging", "quick"], timedelta(seconds=1)))
    assert {each.source: each.outcome for each in result.results} == {"hanging": "killed", "quick": "done"}


@pytest.mark.slow
def test_two_sources_of_one_host_are_crawled_one_after_the_other(tmp_path: Path) -> None:
    config = configured(tmp_path, ["short_a@x.example", "short_b@x.example"])
    assert passed(config).exit_code == 0
    with Store.open(config.store_path) as store:
        runs = [store.runs.latest()[name] for name in ("short_a", "short_b")]
    first, second = sorted(runs, key=lambda run: run.started_at)
    assert first.ended_at is not None
    assert first.ended_at <= second.started_at


@pytest.mark.slow
def test_a_run_left_open_by_a_killed_crawl_is_closed_by_the_next_pass(tmp_path: Path) -> None:
    config = configured(tmp_path, ["busy"])
    with Store.open(config.store_path) as store:
        store.runs.begin("busy", 1, utc_now())
        passed(config)
        assert store.runs.latest()["busy"].report.outcome == "interrupted"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_children_in_good_order(tmp_path: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-c", PASS, str(tmp_path), "begun", "hanging", "quick"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        children = [number_of(tmp_path, "begun"), number_of(tmp_path, "hanging")]
        running.send_signal(number)
        said, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert "begun: stopped in" in said
    assert not any(alive(child) for child in children)
    assert "quick: crawl starts" not in said


@pytest.mark.slow
def test_a_second_signal_ends_a_pass_at_once(tmp_path: Path) -> None:
    begun = time.monotonic()
    command = [sys.executable, "-c", PASS, str(tmp_path), "stubborn", "stubborn_two"]
    with subprocess.Popen(command, cwd=ROOT) as running:
        children = [number_of(tmp_path, "stubborn"), number_of(tmp_path, "stubborn_two")]
        running.send_signal(signal.SIGINT)
        wait_until(lambda: not _reading(running.pid), PATIENCE, "the first signal is heard")
        running.send_signal(signal.SIGINT)
        assert running.wait(5) == 130
    assert not any(alive(child) for child in children)
    assert time.monotonic() - begun < PATIENCE


def _reading(pid: int) -> bool:
    """Whether a SIGINT still waits to be taken by the process."""
    status = Path(f"/proc/{pid}/status").read_text()
    pending = next(line for line in status.splitlines() if line.startswith("ShdPnd"))
    return bool(int(pending.split()[1], 16) & 1 << (signal.SIGINT - 1))


def test_a_broken_rule_is_told_before_anything_is_crawled(tmp_path: Path) -> None:
    config = replace(configured(tmp_path, ["bao"]), rules=(RuleText("lech", "Lệch", query="a AND ("),))
    with pytest.raises(RuleError, match=r"rules\.lech: line 1"):
        run_pass(config, config.store_path)
    assert not config.store_path.exists()
