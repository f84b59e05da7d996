"""Every command of the contract exists, explains itself, and takes the options of every command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler import __version__
from crawler.cli.main import diembao
from crawler.cli.wanted import EVERYWHERE
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
CONTRACT = [
    "daemon", "crawl", "read", "sources", "status", "review", "cases", "decide", "undo", "show", "reflag",
    "search", "rules test", "rules explain", "doctor", "reread", "export", "db path", "db migrate",
    "db check", "db backup", "db restore", "db upkeep", "db compact", "config show", "demo",
    "add-page", "rules suggest", "rules lint",
    "documents", "events", "gaps", "backfill", "sources add", "raise",
    "exports", "exports forget",
    "report", "searches", "searches add", "searches rename", "searches remove",
    "service install", "service status", "service uninstall",
    "notify test", "notify run", "notify list", "notify preview", "notify retry",
]  # fmt: skip
HEAVY = (
    "scrapy",
    "twisted",
    "trafilatura",
    "starlette",
    "uvicorn",
    "lxml",
    "apscheduler",
    "sqlite_utils",
    "jinja2",
    "urllib3",
    "smtplib",
)


def commands(group: click.Group = diembao, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group) and command.invoke_without_command:
            yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands())


def test_the_commands_are_those_of_the_contract() -> None:
    assert sorted(COMMANDS) == sorted(CONTRACT)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_each_of_its_parameters_has_help(name: str) -> None:
    command = COMMANDS[name]
    context = click.Context(command)
    assert command.help
    assert command.help.rstrip().endswith(".")
    records = [parameter.get_help_record(context) for parameter in command.params]
    assert [record for record in records if record is None or not record[1].strip()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_the_options_of_every_command(name: str) -> None:
    assert set(EVERYWHERE) <= set(COMMANDS[name].params)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_help_is_printed_wherever_it_is_asked_for(run: Run, name: str, asked: str) -> None:
    ran = run(*name.split(), asked)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: diembao {name}")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_stands_in_the_docs_and_in_the_list(run: Run, name: str) -> None:
    assert f"## `diembao {name}`" in (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    *group, last = name.split()
    assert f"\n  {last} " in run(*group, "--help").out


def test_the_list_of_commands_is_not_cut_short(run: Run) -> None:
    assert "..." not in run("--help").out.partition("Commands:")[2]


def test_no_arguments_at_all_print_the_help(run: Run) -> None:
    assert run().out == run("--help").out


@pytest.mark.parametrize("line", [["--version"], ["cases", "--version"], ["db", "check", "--version"]])
def test_the_version_is_printed_everywhere(run: Run, line: list[str]) -> None:
    assert run(*line).out == f"diembao {__version__}\n"


def test_a_group_without_a_command_prints_its_help_where_errors_go(run: Run) -> None:
    told = run("notify")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("Usage: diembao notify")
    assert "\nCommands:\n  test " in told.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from crawler.cli.main import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == "[]\n"


def test_options_stand_before_or_after_the_command(run: Run, filled: Path) -> None:
    other = filled / "elsewhere.toml"
    (filled / "config.toml").rename(other)
    before = run("--config", str(other), "--json", "sources")
    after = run("sources", "--json", "--config", str(other))
    assert before.code == after.code == 0
    assert before.json == after.json


def test_the_store_is_named_by_db(run: Run, folder: Path) -> None:
    assert run("--db", "a.sqlite", "db", "path").out == f"{folder}/a.sqlite\n"
    assert run("db", "--db", "b.sqlite", "path").out == f"{folder}/b.sqlite\n"
    assert run("db", "path").out == f"{folder}/store.sqlite\n"
