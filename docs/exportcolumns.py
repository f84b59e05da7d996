"""The table of columns in docs/export.md, as the program itself describes them in every file."""

from __future__ import annotations

from crawler.export.formats.columns import COLUMNS


def column_table() -> str:
    """A Markdown table, one row a column."""
    rows = [f"| `{column.name}` | {column.meaning} |" for column in COLUMNS.values()]
    return "\n".join(["| column | is |", "|---|---|", *rows]) + "\n"
