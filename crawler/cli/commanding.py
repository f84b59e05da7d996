"""How our commands differ from click's: options that stand everywhere, and subcommands loaded when needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from crawler.cli.wanted import DATA, EVERYWHERE, Wanted
from crawler.errors import UsageError

_SHARED = "Options of every command"
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class Command(click.Command):
    """A command that takes what may stand everywhere; with `data`, also --json and --nl."""

    def __init__(self, *args: Any, data: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self.has_data = data
        self.params += DATA + EVERYWHERE if data else EVERYWHERE

    def invoke(self, context: click.Context) -> Any:
        """Run it, unless JSON is asked of a command that has none."""
        wanted = context.ensure_object(Wanted)
        if (wanted.json or wanted.nl) and not self.has_data:
            raise UsageError(f"{context.command_path} has no data to print as JSON")
        wanted.listen()
        return super().invoke(context)

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Its own options first, those of every command after them."""
        _write_options(self, context, formatter)


class Group(click.Group):
    """A group whose subcommands are imported when they are run or listed: name → "module:attribute"."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **named: Any) -> None:
        super().__init__(*args, **named)
        self._lazy = lazy
        self.params += DATA + EVERYWHERE

    def list_commands(self, context: click.Context) -> list[str]:
        """In the order of the table, which is the order of use."""
        return list(self._lazy)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command; None where there is none of that name."""
        if name not in self._lazy:
            return None
        module, _, attribute = self._lazy[name].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand the line names; UsageError with the nearest where there is none."""
        if args and args[0] not in self._lazy and not args[0].startswith("-"):
            raise UsageError.unknown("command", args[0], self._lazy)
        return super().resolve_command(context, args)

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The subcommands, then the options of every command."""
        self.format_commands(context, formatter)
        _write_options(self, context, formatter)


def _write_options(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    chapters: dict[str, list[tuple[str, str]]] = {"Options": [], _SHARED: []}
    for parameter in command.get_params(context):
        row = parameter.get_help_record(context)
        if row and parameter.param_type_name != "argument":  # Click has a chapter for those
            chapters[_chapter(parameter)].append(row)
    for title, rows in chapters.items():
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _chapter(parameter: click.Parameter) -> str:
    return _SHARED if parameter in DATA + EVERYWHERE or "--help" in parameter.opts else "Options"
