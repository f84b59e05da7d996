"""[review]: who may open the page, and that its secret is shown nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import changes, load
from crawler.config.showing import values
from crawler.errors import ConfigError
from crawler.passwords import hashed

HASH = hashed("mật khẩu của Lan", b"0123456789abcdef", strength=10)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(f"[review]\n{text}\n", encoding="utf-8")
    return path


def test_what_guards_the_page_is_read_and_its_files_lie_beside_config_toml(tmp_path: Path) -> None:
    text = (
        f'password_hash = "{HASH.written()}"\nreviewers = [" Nguyễn  Lan ", "Minh"]\n'
        'hosts = ["https://Duyet.example.vn/", "[::1]:80"]\ntoken_file = "token"\n'
        'tls_certificate = "c.pem"\ntls_key = "/k.pem"'
    )
    review = load(written(tmp_path, text)).review
    assert review.password_hash == HASH
    assert review.reviewers == ("Nguyễn Lan", "Minh")
    assert review.hosts == ("https://duyet.example.vn", "[::1]:80")
    assert (review.token_file, review.tls_certificate) == (tmp_path / "token", tmp_path / "c.pem")
    assert review.tls_key == Path("/k.pem")


def test_no_output_shows_the_hash(tmp_path: Path) -> None:
    config = load(written(tmp_path, f'password_hash = "{HASH.written()}"'))
    shown = {one.key: one.value for one in values(config)}
    assert shown["review.password_hash"] == "(set, and shown nowhere)"
    none = replace(config, review=replace(config.review, password_hash=None))
    assert changes(none, config) == changes(config, none) == ("review.password_hash: changed",)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('password_hash = "mật khẩu"', "review.password_hash: is no line that"),
        ('reviewers = ["Lan", "Lan"]', "stands there twice"),
        ('reviewers = [""]', "no name of 1 to 40"),
        ('reviewers = ["a\\u202eb"]', "no name of 1 to 40"),
        ('hosts = ["a b"]', "review.hosts: 'a b' is no name"),
        ('hosts = ["*"]', "review.hosts"),
        ('hosts = ["ftp://a"]', "review.hosts"),
        ('tls_key = "k.pem"', "one is of no use without the other"),
    ],
)
def test_what_cannot_guard_it_is_named(tmp_path: Path, text: str, trouble: str) -> None:
    with pytest.raises(ConfigError, match=trouble):
        load(written(tmp_path, text))
