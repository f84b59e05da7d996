"""The daemon with fake crawls: `python -m tests.watching.run_daemon CONFIG [PORT]`, no port no page."""

from __future__ import annotations

import sys
from pathlib import Path

from crawler.config import load
from crawler.errors import DiembaoError
from crawler.watching.daemon import DaemonOrder, run_daemon
from tests.watching.fakes import fake_command


def main() -> int:
    try:
        config = load(Path(sys.argv[1]))
        port = int(sys.argv[2]) if len(sys.argv) > 2 else None
        return run_daemon(config, DaemonOrder(port is not None, port, fake_command))
    except DiembaoError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
