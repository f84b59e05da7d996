"""That tests which share something costly share it: groups were once lost without a word."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("itself")
def test_a_test_of_a_group_is_known_as_one(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("groups matter only where several processes run the tests, with --dist loadgroup")
    assert request.node.nodeid.endswith("@itself")
