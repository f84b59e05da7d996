"""The text of a unit: what it starts, may write, and forbids with a reason; judged by systemd itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config.model import Backup, Config, Crawl, Log, Review
from crawler.errors import ServiceError
from crawler.service.installation import memory, named_paths, written_folders
from crawler.service.quoting import bare_path, command_line, path_list
from crawler.service.unit import unit_text
from tests.service.making import ODD, installation, writing

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed here")


def settings(text: str, key: str) -> list[str]:
    """What the unit says of `key`, line by line."""
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def analyzed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}  # a user's manager wants one
    return subprocess.run([ANALYZE, *words], capture_output=True, text=True, check=False, env=environment)


def test_words_of_a_command_are_quoted_and_mean_nothing_else() -> None:
    assert command_line(["/a b", '100% of "$HOME"\\']) == r'"/a b" "100%% of \"$$HOME\"\\"'


def test_a_program_that_systemd_cannot_name_is_run_by_a_shell_that_becomes_it() -> None:
    assert command_line(["/it's", "x"]) == '"/bin/sh" "-c" "exec \\"$$0\\" \\"$$@\\"" "/it\'s" "x"'


def test_paths_of_a_list_are_quoted_and_keep_their_dollars() -> None:
    assert path_list([Path("/a b"), Path("/$5")]) == '"/a b" "/$5"'


def test_a_single_path_stands_bare_but_for_specifiers() -> None:
    assert bare_path(Path('/báo "chí" 100%')) == '/báo "chí" 100%%'


@pytest.mark.parametrize("name", ["/a\nUser=root", "/a\x7f", "/a\udcff"])
def test_what_no_unit_can_name_is_refused(name: str) -> None:
    with pytest.raises(ServiceError, match="a unit cannot name this"):
        command_line(["/bin/true", name])
    with pytest.raises(ServiceError, match="a unit cannot name this"):
        path_list([Path(name)])
    with pytest.raises(ServiceError, match="a unit cannot name this"):
        bare_path(Path(name))


@pytest.mark.parametrize("name", ["/a ", "/a\\"])
def test_a_folder_whose_end_a_unit_would_lose_is_refused(name: str) -> None:
    with pytest.raises(ServiceError, match="cannot name a folder that ends so"):
        bare_path(Path(name))


def test_only_the_folders_it_writes_into_are_writable() -> None:
    text = unit_text(writing("/srv/báo/data", "/mnt/backups"))
    assert settings(text, "ProtectSystem") == ["strict"]
    assert settings(text, "ReadWritePaths") == ['"/srv/báo/data" "/mnt/backups"']


def test_a_folder_of_the_systems_state_is_made_by_systemd() -> None:
    text = unit_text(writing("/var/lib/diembao", "/mnt/backups"))
    assert settings(text, "StateDirectory") == ["diembao"]
    assert settings(text, "ReadWritePaths") == ['"/mnt/backups"']
    assert settings(unit_text(writing("/var/lib/a b")), "ReadWritePaths") == ['"/var/lib/a b"']


def test_homes_are_hidden_unless_something_it_needs_lies_there() -> None:
    assert settings(unit_text(installation()), "ProtectHome") == ["yes"]
    at_home = unit_text(installation(Path("/home/lan/diembao")))
    assert settings(at_home, "ProtectHome") == ["read-only"]


def test_what_it_needs_of_the_common_tmp_is_brought_into_its_own() -> None:
    assert settings(unit_text(installation()), "BindPaths") == []
    text = unit_text(installation(Path("/tmp/x")))
    assert settings(text, "BindPaths") == ['"/tmp/x/data"']
    assert settings(text, "BindReadOnlyPaths") == ['"/tmp/x/bin" "/tmp/x/config.toml"']


def test_a_users_own_service_names_no_user_and_wants_no_namespace() -> None:
    text = unit_text(installation(user=None))
    for key in ("User", "ProtectSystem", "PrivateTmp", "PrivateUsers", "CapabilityBoundingSet", "After"):
        assert settings(text, key) == []
    assert settings(text, "NoNewPrivileges") == ["yes"]
    assert settings(text, "WantedBy") == ["default.target"]


def test_tls_is_not_forbidden_by_the_way() -> None:
    assert settings(unit_text(installation()), "MemoryDenyWriteExecute") == []


def test_every_ban_has_its_reason_above_it() -> None:
    block = unit_text(installation()).partition("UMask=")[2].partition("[Install]")[0]
    for group in block.strip().split("\n\n")[1:]:
        assert group.startswith("# "), group
        assert not group.splitlines()[1].startswith("#")


def test_an_end_as_asked_is_a_success_and_a_bad_configuration_is_not_tried_again() -> None:
    text = unit_text(installation())
    assert settings(text, "SuccessExitStatus") == ["143 130"]
    assert settings(text, "RestartPreventExitStatus") == ["2"]


def test_more_crawls_at_once_may_take_more_memory() -> None:
    config = Config(Path("/c/config.toml"), Path("/d/a.sqlite"), Crawl(workers=4), Review(), {}, ())
    assert memory(config) - memory(replace(config, crawl=Crawl(workers=2))) == 1024


def test_the_stores_folder_is_written_into_and_whatever_is_named_is_read() -> None:
    review = Review(token_file=Path("/etc/t"), tls_key=Path("/etc/k"))
    config = Config(Path("/c/config.toml"), Path("/d/a.sqlite"), Crawl(), review, {}, ())
    assert written_folders(config) == (Path("/d"),)
    watched = replace(config, backup=Backup(Path("/b")), log=Log(file=Path("/var/log/diembao/d.log")))
    assert written_folders(watched) == (Path("/d"), Path("/b"), Path("/var/log/diembao"))
    named = [Path("/c/config.toml"), Path("/d/a.sqlite"), Path("/etc/t"), Path("/etc/k")]
    assert named_paths(replace(config, lists={"x": ("not/a/path",)})) == tuple(named)


@needs_systemd
@pytest.mark.parametrize("user", ["daemon", None])
def test_systemd_finds_nothing_wrong_even_with_odd_names(tmp_path: Path, user: str | None) -> None:
    root = tmp_path / ODD
    (root / "bin").mkdir(parents=True)
    program = root / "bin/diembao"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "diembao-test.service"
    unit.write_text(unit_text(installation(root, user)))
    ran = analyzed(tmp_path, "--user" if user is None else "--system", "verify", "--man=no", str(unit))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@needs_systemd
def test_systemd_calls_it_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "diembao-test.service"
    unit.write_text(unit_text(installation()))
    ran = analyzed(tmp_path, "security", "--offline=true", "--threshold=20", "--no-pager", str(unit))
    assert ran.returncode == 0, ran.stdout
