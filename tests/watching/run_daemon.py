"""The daemon as a process, with fake crawls unless told otherwise: `-m tests.watching.run_daemon CONFIG`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from crawler.config import load
from crawler.errors import DiembaoError
from crawler.watching.children import crawl_command
from crawler.watching.daemon import DaemonOrder, run_daemon
from tests.watching.fakes import fake_command


def main() -> int:
    """Run it; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.watching.run_daemon", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--port", type=int, help="of the review page; there is none without")
    parser.add_argument("--real", action="store_true", help="let real crawls run")
    asked = parser.parse_args()
    command = crawl_command if asked.real else fake_command
    try:
        return run_daemon(load(asked.config), DaemonOrder(asked.port is not None, asked.port, command))
    except DiembaoError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
