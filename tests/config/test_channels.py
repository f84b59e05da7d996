"""[notices] and [channels.NAME]: what a channel takes over, what is refused; secrets are shown nowhere."""

from __future__ import annotations

import json
from datetime import time, timedelta
from pathlib import Path

import pytest

from crawler.config import Config, changes, load
from crawler.config.hidden import Hidden
from crawler.config.model import AppriseUrl, Smtp, Webhook
from crawler.config.showing import values
from crawler.errors import ConfigError

MAIL = """
[channels.ban]
kind = "smtp"
host = "mail.example.vn"
from = "diembao@example.vn"
to = ["an@example.vn", "binh@example.vn"]
"""
HOOK = """
[channels.hook]
kind = "webhook"
url = "https://hook.example.vn/in/s3cr3tpath?key=abc"
secret_file = "hook.secret"
"""


def loaded(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_a_channel_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    common = """[notices]
language = "en"
at_once = 2
digest = ["16:30", "07:00"]
quiet_hours = "21:00-06:30"
weekly = "T2 08:00"
"""
    own = 'at_once = "never"\nquiet_hours = ""\nweekly = "CN 09:15"\nlanguage = "vi"\n'
    config = loaded(tmp_path, common + MAIL + own + HOOK)
    mail, hook = config.channels["ban"], config.channels["hook"]
    assert (hook.language, hook.at_once, hook.weekly) == ("en", 2.0, (0, time(8)))
    assert hook.digest == (time(7), time(16, 30))
    assert hook.quiet_hours == (time(21), time(6, 30))
    assert (mail.language, mail.at_once, mail.quiet_hours, mail.weekly) == (
        "vi",
        None,
        None,
        (6, time(9, 15)),
    )


def test_kinds_are_resolved_with_their_usual_ports_and_paths(tmp_path: Path) -> None:
    text = MAIL + 'security = "starttls"\nuser = "db"\npassword_file = "mail.pw"\n' + HOOK
    text += '[channels.chat]\nkind = "apprise"\nurl_file = "chat.url"\n'
    channels = loaded(tmp_path, text).channels
    mail, hook, chat = (channels[name].way for name in ("ban", "hook", "chat"))
    assert isinstance(mail, Smtp)
    assert (mail.port, mail.password_file) == (587, tmp_path / "mail.pw")
    assert isinstance(hook, Webhook)
    assert hook.secret_file == tmp_path / "hook.secret"
    assert chat == AppriseUrl(tmp_path / "chat.url")
    assert channels["ban"].timeout == timedelta(seconds=30)


def test_paths_of_a_copy_are_relative_to_the_folder_of_the_original(tmp_path: Path) -> None:
    loaded(tmp_path, MAIL + HOOK)
    there = tmp_path / "data"
    there.mkdir()
    (there / "copy.toml").write_bytes((tmp_path / "config.toml").read_bytes())
    way = load(there / "copy.toml", folder=tmp_path).channels["hook"].way
    assert isinstance(way, Webhook)
    assert way.secret_file == tmp_path / "hook.secret"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAIL + "hsot = 1", "unknown key channels.ban.hsot; did you mean host?"),
        ("[notices]\nat_one = 1", "unknown key notices.at_one; did you mean at_once?"),
        ("[notices]\nat_once = 'x'", "notices.at_once: "),
        ("[notices]\ndigest = ['7:30']", "notices.digest: '7:30' is no time of day; write it like 03:30"),
        ("[notices]\nweekly = 'Monday'", "notices.weekly: 'Monday' is no time of the week"),
        ("[notices]\nquiet_hours = '21-6'", "notices.quiet_hours: '21-6' are no hours"),
        ("[notices]\npage_url = 'javascript:1'", "notices.page_url: 'javascript:1' is no address like"),
        ("[channels.x]\nkind = 'smpt'", "channels.x.kind: invalid enum value 'smpt'"),
        (MAIL.replace("an@", "Ân <an>@"), "channels.ban.to: 'Ân <an>@example.vn' is no mail address"),
        (MAIL.replace("an@example.vn", "an@example.vn\\nBcc: x@y.vn"), "is no mail address"),
        (
            MAIL.replace("mail.example.vn", "mail example"),
            "channels.ban.host: 'mail example' is no mail server",
        ),
        (
            MAIL + "secret_file = 's'",
            "channels.ban.secret_file: a channel of kind smtp has none; its keys: ca_file",
        ),
        (MAIL + "user = 'a'", "channels.ban.user and channels.ban.password_file: one is of no use"),
        (
            MAIL + "user = 'a'\npassword_file = 'b'\nsecurity = 'none'",
            "the password could be read on the way",
        ),
        (MAIL + "rules = ['dinh_cong']", "channels.ban.rules: there is no rule 'dinh_cong'"),
        (HOOK.replace("https", "http"), "channels.hook.url: must begin with https://"),
        (HOOK.replace("hook.example", "u:p@hook.example"), "channels.hook.url: is no address like"),
        (HOOK.replace("secret_file", "token_file"), "channels.hook.secret_file: name a file with the secret"),
        (HOOK + 'url_file = "u"', "channels.hook: needs a url or a url_file, one of the two"),
        (HOOK + 'headers = { Authorization = "x" }', "channels.hook.headers.Authorization: is a secret"),
        (HOOK + 'headers = { Host = "x" }', "channels.hook.headers.Host: is set by diembao itself"),
        (HOOK + 'headers = { X = "a\\nb" }', "channels.hook.headers.X: must be a plain ASCII header"),
        (HOOK.replace("channels.hook", 'channels."Hook"'), "a channel's name is lower-case letters"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert said in str(caught.value)
    assert "s3cr3tpath" not in str(caught.value)


def test_nothing_that_bears_a_secret_is_shown(tmp_path: Path) -> None:
    text = (
        HOOK
        + 'headers = { X-Key = "hush" }\n[channels.chat]\nkind = "apprise"\nurl = "tgram://123:TOKEN/456"\n'
    )
    config = loaded(tmp_path, MAIL + text)
    shown = {one.key: one.value for one in values(config)}
    everything = json.dumps(shown) + repr(config)
    assert not [secret for secret in ("s3cr3tpath", "abc", "hush", "TOKEN") if secret in everything]
    assert (shown["channels.hook.url"], shown["channels.chat.url"]) == (
        "https://hook.example.vn…",
        "tgram://…",
    )
    assert shown["channels.hook.headers.X-Key"] == "…"
    assert (shown["channels.ban.kind"], shown["channels.ban.from"]) == ("smtp", "diembao@example.vn")
    assert shown["channels.ban.digest"] == ["07:30", "16:30"]
    assert shown["notices.page_url"] == ""
    assert not {"channels.ban.url", "channels.hook.host"} & set(shown)


def test_a_changed_secret_is_said_to_have_changed_and_no_more(tmp_path: Path) -> None:
    old = loaded(tmp_path, HOOK)
    new = loaded(tmp_path, HOOK.replace("s3cr3tpath", "other"))
    assert changes(old, new) == ("channels.hook.way.url: changed",)
    assert isinstance(old.channels["hook"].way, Webhook)
    assert old.channels["hook"].way.url == Hidden(
        "https://hook.example.vn/in/s3cr3tpath?key=abc", "https://hook.example.vn…"
    )


def test_links_lead_to_the_page_as_people_open_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").notices.page_url is None
    hosts = '[review]\nhosts = ["10.0.0.5", "https://duyet.example.vn"]\n'
    assert loaded(tmp_path, hosts).notices.page_url == "https://duyet.example.vn"
    assert (
        loaded(tmp_path, '[notices]\npage_url = "http://10.0.0.5:8765/"\n').notices.page_url
        == "http://10.0.0.5:8765"
    )
