"""The view an address names, and the address a view is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.review.views import GREATEST_ID, TABS, TabName, View, view_of
from crawler.review.wording import Refused
from storage.records import Decision

names = st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
numbers = st.none() | st.integers(1, GREATEST_ID)
tabs: list[TabName] = ["new", "later", "kept", "dropped", "changed", "flagged"]


days = st.none() | st.dates(date(1900, 1, 1), date(9998, 12, 31))
decisions: list[Decision | None] = [None, "keep", "drop", "later"]


@given(
    st.builds(View, st.sampled_from(tabs), names | st.none(), names | st.none(), days, days),
    st.sampled_from(decisions),
    numbers,
    st.booleans(),
)
def test_an_address_names_the_view_it_was_made_from(
    view: View, decision: Decision | None, place: int | None, leafing_back: bool
) -> None:
    view = replace(view, decision=decision, before=place if leafing_back else None)
    view = view if leafing_back else replace(view, after=place)
    assert view_of(dict(parse_qsl(urlsplit(view.address()).query))) == view


def test_the_plainest_view_has_the_plainest_address() -> None:
    assert View().address() == "/"
    assert View().address("/cases/7", decided=3) == "/cases/7?decided=3"
    assert View("kept").address("/", "case-7") == "/?tab=kept#case-7"


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"tab": "mới"}, "tab=“mới”"),
        ({"tab": ""}, "tab=“”"),
        ({"after": "x"}, "after=“x”"),
        ({"after": "-1"}, "after=“-1”"),
        ({"after": "0"}, "after=“0”"),
        ({"after": "²"}, "after=“²”"),
        ({"after": "٣"}, "after=“٣”"),
        ({"before": "9" * 19}, "before=“9999999999999999999”"),
        ({"before": "1" * 5000}, "before=“1111111111"),
        ({"after": "1", "before": "2"}, "after và before"),
        ({"source": ""}, "source=“”"),
        ({"source": "x" * 101}, "source=“xxx"),
        ({"rule": "a\x00b"}, "rule=“a�b”"),
        ({"rule": "a\u202eb"}, "rule=“a�b”"),
    ],
)
def test_what_cannot_be_read_is_named(stated: dict[str, str], named: str) -> None:
    with pytest.raises(Refused) as caught:
        view_of(stated)
    assert caught.value.trouble.status == 400
    assert named in caught.value.detail


def test_another_tab_keeps_the_filters_and_starts_from_the_top() -> None:
    view = View("new", source="baohatinh", rule="r", after=9)
    assert view.at("kept") == View("kept", source="baohatinh", rule="r")
    assert view.narrowed(source=None) == View("new", rule="r")


def test_a_decided_case_stays_listed_when_rules_let_it_go() -> None:
    assert [tab.name for tab in TABS.values() if View(tab.name).query.flagged] == ["flagged"]


def test_leafing_back_asks_for_the_nearest_first() -> None:
    query = View(before=9).query
    assert (query.newest_first, query.after) == (False, 9)
