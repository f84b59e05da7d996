"""Memory of a process that reads many pages: it must stay flat once every kind of page was read.

    python -m bench.reading_memory [FOLDER] [--readings N] [--markup KB]

Pages are read with the CMS families known and unknown in turn, and every page differs from all before it in
its names and words, as the pages of a crawl do: what is remembered by page would be seen to grow.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from bench.reading import FOLDER, NOW
from crawler.reading import Hints, read, view
from storage.records import Page

_TENTHS = 10
_MOST_GROWTH = 1.05  # from the half to the end


def resident() -> int:
    """Megabytes of this process that are in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def differing(body: bytes, number: int) -> bytes:
    """The page with names and words of its own."""
    own = f'<div class="own-{number} n{number}-box">Lần đọc thứ {number}.</div></body>'.encode()
    return body.replace(b"</body>", own)


def main() -> None:
    """Print the memory after each tenth; exit 1 if the second half grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--readings", type=int, default=20_000)
    parser.add_argument("--markup", type=int, default=120, metavar="KB", help="leave larger pages out")
    asked = parser.parse_args()
    pages = [path.read_bytes() for path in sorted(asked.folder.glob("*.html"))]
    pages = [body for body in pages if len(body) <= asked.markup * 1024]
    sizes: list[int] = []
    for number in range(1, asked.readings + 1):
        body = differing(pages[number % len(pages)], number)
        page = Page(f"https://bao.example/tin-{number}.html", 200, (), NOW, body)
        with ExitStack() as unknown:
            if number // len(pages) % 2:
                unknown.enter_context(patch.object(view, "recognised", lambda _names: iter(())))
            read(page, Hints("bench", f"bench:{number}"), NOW)
        if number % (asked.readings // _TENTHS) == 0:
            sizes.append(resident())
            print(f"{number:6} readings  {sizes[-1]} MB", flush=True)
    growth = sizes[-1] / sizes[len(sizes) // 2 - 1]
    print(f"second half: × {growth:.3f} (wanted: at most {_MOST_GROWTH})")
    sys.exit(growth > _MOST_GROWTH)


if __name__ == "__main__":
    main()
