"""`diembao service`: units written, replaced, looked at and removed; a script plays `systemctl`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.errors import ServiceError
from crawler.service import finding, placing
from crawler.service.unit import MARK
from tests.cli.conftest import Run

WRITES = 'ReadWritePaths="{}"'


@dataclass(frozen=True)
class Machine:
    """One that systemd runs, as far as the commands can see."""

    units: Path
    _told: Path
    _says: Path

    @property
    def told(self) -> list[str]:
        """What systemctl was told, a line each time; forgotten by asking."""
        lines = self._told.read_text().splitlines() if self._told.exists() else []
        self._told.unlink(missing_ok=True)
        return lines

    def says(self, *lines: str) -> None:
        """What systemctl prints from now on."""
        self._says.write_text("\n".join(lines) + "\n")


@pytest.fixture
def machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(folder / "cấu hình/systemd/user", folder / "told", folder / "says")
    programs = folder / "programs"
    programs.mkdir()
    made._says.touch()
    fake = programs / "systemctl"
    fake.write_text(f'#!/bin/sh\necho "$@" >>"{made._told}"\ncat "{made._says}"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "cấu hình"))
    monkeypatch.setattr(finding, "BOOTED", folder)
    return made


def test_print_shows_the_unit_of_this_program_and_configuration(run: Run, folder: Path) -> None:
    ran = run("service", "install", "--print", "--run-as", "daemon", "--no-page")
    assert ran.code == 0
    assert ran.out.startswith(MARK)
    program = f'"{Path(sys.executable).with_name("diembao")}"'
    assert f'ExecStart={program} "daemon" "--config" "{folder}/config.toml" "--no-page"\n' in ran.out
    assert WRITES.format(folder) in ran.out
    assert "User=daemon\n" in ran.out


def test_a_store_named_by_an_option_is_named_in_the_unit(run: Run, folder: Path) -> None:
    ran = run("service", "install", "--print", "--user", "--db", "elsewhere/b.sqlite")
    assert f'"--db" "{folder}/elsewhere/b.sqlite"' in ran.out


def test_out_never_overwrites_another_text_unasked(run: Run, folder: Path) -> None:
    out = folder / "x.service"
    line = ("service", "install", "--user", "--out", str(out))
    assert run(*line).err == f"{out}: written\n"
    assert run(*line).err == f"{out}: unchanged\n"
    edited = out.read_text().replace("RestartSec=30s", "RestartSec=5min")
    out.write_text(edited)
    ran = run(*line)
    assert ran.code == 1
    assert "-RestartSec=5min" in ran.err
    assert ran.err.endswith(f"{out}: says something else, see above; --force overwrites it\n")
    assert out.read_text() == edited
    assert run(*line, "--force").code == 0
    assert "RestartSec=30s" in out.read_text()


def test_install_enables_and_with_now_starts(run: Run, machine: Machine) -> None:
    ran = run("service", "install", "--user", "--name", "báo")
    assert (ran.code, machine.told) == (2, [])
    ran = run("service", "install", "--user", "--name", "bao")
    assert ran.code == 0, ran.err
    assert (machine.units / "bao.service").read_text().startswith(MARK)
    assert machine.told == ["--user daemon-reload", "--user enable bao.service"]
    assert "systemctl --user start bao.service" in ran.err
    assert run("service", "install", "--user", "--name", "bao", "--now").code == 0
    assert machine.told[-1] == "--user start bao.service"
    assert run("service", "install", "--user", "--name", "bao", "--now", "--no-page", "--force").code == 0
    assert machine.told[-1] == "--user restart bao.service"


def test_status_tells_and_its_exit_code_too(run: Run, machine: Machine) -> None:
    machine.says("LoadState=loaded", "ActiveState=active", "SubState=running", "UnitFileState=enabled")
    ran = run("service", "status", "--user")
    assert (ran.code, ran.out.splitlines()[0]) == (
        0,
        "diembao.service: active (running), starts with the machine, restarted 0 times",
    )
    machine.says("LoadState=loaded", "ActiveState=failed", "SubState=failed", "StatusText=a=b", "MainPID=0")
    ran = run("service", "status", "--user", "--json")
    assert ran.code == 4
    assert {key: ran.json[key] for key in ("active", "status", "pid", "enabled")} == {
        "active": "failed",
        "status": "a=b",
        "pid": None,
        "enabled": False,
    }
    assert "journalctl --user -u diembao.service" in ran.err
    machine.says("LoadState=not-found", "ActiveState=inactive")
    ran = run("service", "status", "--user")
    assert (ran.code, "there is no such service" in ran.err) == (1, True)


def test_uninstall_removes_only_what_install_wrote(run: Run, machine: Machine) -> None:
    unit = machine.units / "diembao.service"
    assert "there is no such service" in run("service", "uninstall", "--user").err
    machine.units.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    assert "was not written by `diembao service install`" in run("service", "uninstall", "--user").err
    assert (unit.exists(), machine.told) == (True, [])
    assert run("service", "install", "--user", "--force").code == 0
    assert machine.told
    assert run("service", "uninstall", "--user").code == 0
    assert machine.told == ["--user disable --now diembao.service", "--user daemon-reload"]
    assert not unit.exists()


def test_what_systemctl_complains_of_is_told(run: Run, machine: Machine, folder: Path) -> None:
    (folder / "programs/systemctl").write_text("#!/bin/sh\necho No medium found >&2\nexit 3\n")
    ran = run("service", "install", "--user")
    assert ran.code == 1
    assert ran.err.endswith("`systemctl --user daemon-reload` failed: No medium found\n")


@pytest.mark.parametrize(
    "more",
    [
        ("--print", "--out", "x"),
        ("--print", "--now"),
        ("--out", "x", "--now"),
        ("--user", "--run-as", "daemon"),
    ],
)
def test_options_that_exclude_each_other_are_refused(run: Run, folder: Path, more: tuple[str, ...]) -> None:
    assert run("service", "install", *more).code == 2


def test_where_no_systemd_is_the_way_out_is_told() -> None:
    with pytest.raises(ServiceError, match=r"systemd, which darwin has not: .* --out FILE"):
        finding.refuse_elsewhere("darwin", Path("/"))
    with pytest.raises(ServiceError, match=r"systemd does not run this machine .* --out FILE"):
        finding.refuse_elsewhere("linux", Path("/nowhere"))
    with pytest.raises(ServiceError, match="use sudo, or --user"):
        finding.refuse_without_rights(1000)
    finding.refuse_elsewhere("linux", Path("/"))
    finding.refuse_without_rights(0)


def test_a_folder_that_cannot_be_written_is_one_line(run: Run, folder: Path) -> None:
    (folder / "file").touch()
    ran = run("service", "install", "--user", "--out", str(folder / "file/x.service"))
    assert (ran.code, "x.service: cannot be written: " in ran.err) == (1, True)


def test_an_unknown_user_is_refused(run: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(placing, "_SYSTEM_UNITS", machine.units)
    ran = run("service", "install", "--run-as", "khong-ai")
    assert (ran.code, "there is no user 'khong-ai' here" in ran.err) == (2, True)
    assert not machine.units.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try a program as somebody else")
def test_a_user_who_cannot_read_the_configuration_is_refused_before_anything_is_written(
    run: Run, folder: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_SYSTEM_UNITS", machine.units)
    folder.chmod(0o700)
    ran = run("service", "install", "--run-as", "daemon")
    assert (ran.code, "put program and config.toml where that user may read" in ran.err) == (1, True)
    assert (machine.units.exists(), machine.told) == (False, [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders belong to root")
def test_a_store_of_roots_wants_a_user_named(run: Run, folder: Path) -> None:
    ran = run("service", "install", "--print")
    assert (ran.code, "as whom no daemon should read foreign pages" in ran.err) == (1, True)
