"""Apprise by its json:// to a real receiver: what it gets, what it may reach, and that it tells no secret."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from crawler.config.hidden import hidden_url
from crawler.config.model import AppriseUrl, Channel
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.apprising import notify
from crawler.notices.content import letterhead, trial_content
from crawler.notices.rendering import as_text, within
from tests.notices.making import NOON, channel
from tests.notices.servers import hook_server
from tests.notices.test_content import digest

CONTENT = trial_content(letterhead(channel(), "key-1", None, NOON))


def apprised(url: str, *, private: bool = True) -> Channel:
    return channel(way=AppriseUrl(hidden_url(url)), allow_private_addresses=private)


def test_title_and_text_arrive_with_all_marks() -> None:
    with hook_server() as served:
        notify(apprised(f"json://127.0.0.1:{served.port}/"), CONTENT)
    got = json.loads(served.got[0][2])
    assert got["title"] == "[Điểm báo] Tin thử cho kênh ban"
    assert got["message"].startswith("Nếu bạn đọc được dòng này")


def test_private_addresses_are_not_reached_by_any_service_unless_the_channel_says_so() -> None:
    with hook_server() as served:
        with pytest.raises(NotDelivered, match="the address is private; if that is meant"):
            notify(apprised(f"json://localhost:{served.port}/", private=False), CONTENT)
        with pytest.raises(NotDelivered, match="the address is private"):
            notify(apprised(f"xml://127.0.0.1:{served.port}/", private=False), CONTENT)
        with pytest.raises(ConfigError, match="syslog:// stays on this machine"):
            notify(apprised("syslog://", private=False), CONTENT)
    assert served.got == []


def test_no_redirect_is_followed() -> None:
    with hook_server() as served:
        served.answers = [(307, {"Location": f"http://127.0.0.1:{served.port}/elsewhere"}, b"")]
        with pytest.raises(NotDelivered):
            notify(apprised(f"json://127.0.0.1:{served.port}/"), CONTENT)
    assert len(served.got) == 1


def test_a_failure_tells_its_cause_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    with hook_server() as served, caplog.at_level(logging.DEBUG):
        served.answers = [(403, {}, b"no")]
        with pytest.raises(NotDelivered, match="403") as caught:
            notify(apprised(f"json://user:s3cr3tpw@127.0.0.1:{served.port}/t0k3nt0k3n"), CONTENT)
    assert not [word for word in ("s3cr3tpw", "t0k3nt0k3n") if word in str(caught.value) + caplog.text]


def test_an_address_that_no_service_has_is_told_without_it() -> None:
    with pytest.raises(ConfigError, match=r"knows no address like that \(tgrm://…\)") as caught:
        notify(apprised("tgrm://123:TOKEN/45"), CONTENT)
    assert "TOKEN" not in str(caught.value)


def test_without_apprise_the_way_to_have_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(ConfigError, match=r"pip install 'diembao\[apprise\]'"):
        notify(apprised("json://127.0.0.1/"), CONTENT)


def test_what_a_service_has_no_room_for_is_counted(tmp_path: Path) -> None:
    content: dict[str, Any] = digest(tmp_path, 12)
    whole = as_text(content)
    assert within(content, len(whole)) == whole
    short = within(content, 1_500)
    assert len(short) <= 1_500
    listed = short.count("Đọc bài:")
    assert 0 < listed < 12
    assert f"… và {12 - listed} bài nữa" in short
    assert within(content, 30).endswith("…")
