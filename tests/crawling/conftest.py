"""Commands that are run in this process leave its logging as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for ours in ("crawler", "storage", "spiders"):
        logging.getLogger(ours).setLevel(logging.NOTSET)
