"""What `hub up` refuses before it starts anything, and what it keeps in the state directory."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pytest

from hub.errors import ConfigError
from hub.settings import Settings
from hub.supervisor import process
from hub.supervisor.plan import Port, RoleSpec
from hub.supervisor.process import LOG_BYTES, ChildProcess, rotate
from hub.supervisor.steps import webhook_secret
from hub.supervisor.up import lock_state_dir, refuse_taken_ports

Usage = namedtuple("Usage", "total used free")


def test_two_hubs_on_one_state_directory_are_refused(tmp_path: Path) -> None:
    first = lock_state_dir(tmp_path)
    with pytest.raises(ConfigError, match=r"another hub is running on the state directory .*HUB_STATE_DIR"):
        lock_state_dir(tmp_path)
    first.release()
    lock_state_dir(tmp_path).release()


def test_a_state_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"file/state cannot be written: .*; set HUB_STATE_DIR"):
        lock_state_dir(tmp_path / "file" / "state")


async def test_every_taken_port_is_named_with_its_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        said = f"port {number} for the feed's HTTP is taken; end the other process or set HUB_HTTP__PORT"
        with pytest.raises(ConfigError, match=said):
            await refuse_taken_ports([Port("127.0.0.1", number, "the feed's HTTP", "HUB_HTTP__PORT")], wait_seconds=0)


async def test_an_address_that_is_not_this_machines_is_not_called_taken() -> None:
    with pytest.raises(ConfigError, match=r"the feed's HTTP cannot listen on 203\.0\.113\.9:1 \(.*\); set HUB_HTTP__PORT"):
        await refuse_taken_ports([Port("203.0.113.9", 1, "the feed's HTTP", "HUB_HTTP__PORT")], wait_seconds=0)


def test_the_webhook_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    path = webhook_secret(settings)
    first = path.read_text()
    assert webhook_secret(settings).read_text() == first
    assert first.startswith("whsec_")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_large_log_moves_aside_at_the_next_start_and_three_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    for number in range(5):
        log.write_bytes(bytes([65 + number]) * LOG_BYTES)
        rotate(log)
    kept = {path.name: path.read_bytes()[:1] for path in tmp_path.iterdir()}
    assert kept == {"serve.log.1": b"E", "serve.log.2": b"D", "serve.log.3": b"C"}


def ended(tmp_path: Path, code: str, own_log: Path | None = None) -> ChildProcess:
    """A child that has run this Python and ended."""

    def launch(arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-S", "-c", *arguments], env=environment, stdout=log, stderr=log)

    spec = RoleSpec("serve", (code,), ("", 0), own_log=own_log)
    child = ChildProcess(spec, log_file=tmp_path / "serve.log", environment={}, launch=launch)
    child.spawn()
    while child.is_running:
        time.sleep(0.01)
    return child


def test_the_last_sentence_is_what_the_role_said_of_itself(tmp_path: Path) -> None:
    (tmp_path / "serve.log").write_text("hub: of an earlier start\n")
    child = ended(tmp_path, "print('hub: the port is taken'); print('a later line')")
    assert child.last_sentence() == "the port is taken"


def test_without_a_sentence_it_is_the_last_line(tmp_path: Path) -> None:
    assert ended(tmp_path, "print('one'); print('two')").last_sentence() == "two"


def test_of_a_role_that_became_another_program_it_is_the_last_error_of_that(tmp_path: Path) -> None:
    own = tmp_path / "kafka.log"
    own.write_text("[main] ERROR the disk broke\n[main] INFO bye\n")
    assert ended(tmp_path, "print('one')", own).last_sentence() == f"[main] ERROR the disk broke; see {own}"


def test_a_full_disk_is_said_for_a_role_that_could_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "kafka.log"
    own.write_text("[main] ERROR of an earlier start\n")
    monkeypatch.setattr(process, "is_full", lambda path: True)
    assert "is full; make room or set HUB_STATE_DIR" in ended(tmp_path, "").last_sentence()
    assert "is full; make room or set HUB_STATE_DIR" in ended(tmp_path, "", own).last_sentence()
    assert ended(tmp_path, "print('hub: the port is taken')", own).last_sentence() == "the port is taken"
