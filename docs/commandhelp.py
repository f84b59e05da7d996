"""The body of docs/commands.md: the help of every command, as the program itself prints it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from crawler.cli.commanding import HELP_NAMES
from crawler.cli.main import diembao
from crawler.cli.wanted import DATA, EVERYWHERE


def command_help() -> str:
    """A chapter for the options of every command, then one a command with its own options."""
    everywhere = _rows(DATA + EVERYWHERE, click.Context(diembao))
    return "\n".join(["## Options of every command", "", *everywhere, *_group(diembao, "diembao")]) + "\n"


def _group(group: click.Group, path: str) -> Iterator[str]:
    context = click.Context(group, info_name=path, **HELP_NAMES)  # type: ignore[arg-type]  # a literal dict
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield from _command(command, f"{path} {name}")
            yield from _group(command, f"{path} {name}")
        else:
            yield from _command(command, f"{path} {name}")


def _command(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    own = [parameter for parameter in command.params if parameter not in DATA + EVERYWHERE]
    yield from ("", f"## `{path}`", "", f"`{usage}`", "", *_paragraphs(command.help or ""))
    yield from _rows(own, context)
    if getattr(command, "has_data", False):
        yield from ("", "Prints JSON with `--json`, one object a line with `--nl`.")


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield line.strip()
    yield ""


def _rows(parameters: object, context: click.Context) -> Iterator[str]:
    assert isinstance(parameters, (list, tuple))
    records = [record for one in parameters if (record := one.get_help_record(context))]
    if records:
        yield from ("| argument or option | is |", "|---|---|")
        yield from (f"| `{_escaped(names)}` | {_escaped(says)} |" for names, says in records)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
