"""The code map of ARCHITECTURE.md: one line a file, taken from the first line of its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ("spiders", "crawler", "storage", "bench")


def code_map() -> str:
    """A Markdown list of every Python file of the three floors, folder by folder."""
    return "\n".join(line for floor in FLOORS for line in _folder(ROOT / floor)) + "\n"


def _folder(folder: Path) -> Iterator[str]:
    yield f"\n**{folder.relative_to(ROOT)}/** {_first_line(folder / '__init__.py')}\n"
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"- `{path.name}` {_first_line(path)}"
    for inner in sorted(path for path in folder.iterdir() if (path / "__init__.py").exists()):
        yield from _folder(inner)


def _first_line(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not said:
        raise SystemExit(f"{path.relative_to(ROOT)} does not open with a line saying what it is for")
    return said.splitlines()[0]
