"""Apache Kafka for one machine: formats its storage, starts the JVM, waits for metadata, stops it tidily.

`EmbeddedKafka` is blocking and has no settings of its own, so that tests use it too; `hub/supervisor/broker.py` runs it
as a role, `hub/supervisor/jvm.py` as a child of `hub up`. The JVM gets SIGKILL when its parent dies. Kafka keeps a lock on
its log directory: after a kill the next start waits for that lock, since the kernel needs a moment to end the old JVM.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import os
import shutil
import signal
import subprocess
import time
import uuid
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, NoReturn

from hub.broker import freezing, jars, probe
from hub.broker.class_data import ClassDataArchive
from hub.broker.configuration import HOST, JVM, JVM_ENVIRONMENT, PartnerListener, server_properties
from hub.broker.java import find_java
from hub.broker.parent import die_with_parent
from hub.errors import ConfigError, FatalError, RetryableError

LOCK_WAIT_SECONDS = 30
PORT_WAIT_SECONDS = 2
LEAST_FREE_BYTES = 256 * 2**20
LOG_FILE = "kafka.log"
LOG_FILE_BYTES = 5 * 2**20


class EmbeddedKafka:
    """One broker in `data_dir`. `start` and `stop` may be repeated; the data stays.

    `start` raises ConfigError for what a person must change (Java, jars, port, disk) and FatalError when the JVM ends
    or does not answer in time.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        port: int,
        controller_port: int | None = None,
        heap_mb: int = 512,
        jars_dir: Path | None = None,
        partners: PartnerListener | None = None,
    ) -> None:
        self.data_dir = Path(data_dir).absolute()
        self.port = port
        self.controller_port = controller_port or port + 1
        self.heap_mb = heap_mb
        self.partners = partners
        self._jars_dir = jars_dir or jars.cache_dir()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log_file(self) -> Path:
        return self.data_dir / LOG_FILE

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    def start(self, timeout: float = 60) -> None:
        """Prepare, start and wait until the broker answers. Call it in the main thread (see `hub/broker/parent.py`)."""
        self.prepare()
        self.spawn()
        deadline = time.monotonic() + timeout
        while not probe.answers(self.bootstrap):
            if self.exit_code() is not None:
                raise FatalError(self.why_it_ended())
            if time.monotonic() > deadline:
                self.kill()
                raise FatalError(
                    f"the embedded broker did not answer on {self.bootstrap} within {timeout:.0f} s; see {self.log_file}"
                )
            time.sleep(0.05)

    def prepare(self) -> None:
        """Everything before the JVM: jars, Java, disk, the log lock, ports, format. Safe to run in any thread."""
        self._java  # noqa: B018 - first, since it says what to install
        self._classpath = ":".join(map(str, jars.verified_jars(self._jars_dir)))
        self._make_directories()
        self._wait_for_lock()
        self._check_ports()
        self._properties = self.data_dir / "server.properties"
        self._write(
            self._properties,
            server_properties(
                port=self.port,
                controller_port=self.controller_port,
                log_dir=self.log_dir,
                partners=self.partners,
                keystore=self._write_keystore(),
            ),
        )
        self._format()

    def spawn(self) -> None:
        """Start the JVM and return at once."""
        command = self._command()
        with self._open_log() as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data_dir,
                env=JVM_ENVIRONMENT | os.environ,
                preexec_fn=die_with_parent(),  # sets process attributes only, no allocation
            )

    def become(self) -> NoReturn:
        """This process goes on as the JVM, with its pid, its parent and the signal that it gets when that dies."""
        command = self._command()
        os.chdir(self.data_dir)
        with self._open_log() as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and what is ignored stays so
        os.execve(command[0], command, JVM_ENVIRONMENT | os.environ)

    def exit_code(self) -> int | None:
        """Exit code of the JVM, or None while it runs."""
        return self._process.poll() if self._process is not None else None

    def stop(self, timeout: float = 20) -> None:
        """SIGTERM, so that Kafka flushes and notes a clean shutdown; SIGKILL after `timeout`."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self.thaw()
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        self.keep_archive()

    def keep_archive(self) -> None:
        """After the end of a JVM, also of one that another process was (`become`)."""
        self._archive.keep()

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def freeze(self) -> None:
        """Hold the JVM still; its files are then what a kill at this moment would leave. Raises RetryableError."""
        if self._process is None or self._process.poll() is not None:
            raise RetryableError("the embedded broker is not running")
        await freezing.freeze(self._process.pid)

    def thaw(self) -> None:
        """Let it go on; it sees no more than a long pause of its garbage collector."""
        if self._process is not None and self._process.poll() is None:
            freezing.thaw(self._process.pid)

    def why_it_ended(self) -> str:
        """One sentence with the last error that Kafka wrote."""
        return f"the embedded broker ended with code {self.exit_code()}: {last_error(self.log_file)}; see {self.log_file}"

    def _command(self) -> list[str]:
        return [*self._jvm(f"-Xmx{self.heap_mb}m"), *self._archive.flags(), "kafka.Kafka", str(self._properties)]

    def _open_log(self) -> BinaryIO:
        if self.log_file.is_file() and self.log_file.stat().st_size > LOG_FILE_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        return self.log_file.open("ab")

    def _jvm(self, *flags: str) -> list[str]:
        return [str(self._java), *flags, *JVM, "-cp", self._classpath]

    def _make_directories(self) -> None:
        try:
            self.log_dir.mkdir(parents=True, exist_ok=True)
            probe_file = self.data_dir / ".writable"
            probe_file.write_bytes(b"x")
            probe_file.unlink()
        except OSError as error:
            raise _disk_error(self.data_dir, error) from error
        free = shutil.disk_usage(self.data_dir).free
        if free < LEAST_FREE_BYTES:
            raise ConfigError(
                f"only {free // 2**20} MiB are free at {self.data_dir}, the broker needs {LEAST_FREE_BYTES // 2**20}; "
                "make room or set HUB_STATE_DIR"
            )

    def _wait_for_lock(self) -> None:
        path = self.log_dir / ".lock"
        if not path.exists():
            return
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        with path.open("r+b") as lock:
            while True:
                with contextlib.suppress(OSError):
                    fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                if time.monotonic() > deadline:
                    raise ConfigError(f"another broker uses {self.data_dir}; end it or set another HUB_STATE_DIR")
                time.sleep(0.1)

    def _check_ports(self) -> None:
        """A killed JVM lets its lock go a moment before its ports, so a taken port is looked at again for a while."""
        deadline = time.monotonic() + PORT_WAIT_SECONDS
        wanted = [
            (HOST, self.port, "embedded broker", "HUB_KAFKA__PORT"),
            (HOST, self.controller_port, "embedded controller", "HUB_KAFKA__PORT"),
        ]
        if self.partners is not None:
            wanted.append((self.partners.listen_host, self.partners.port, "broker's partners", "HUB_KAFKA__PUBLIC_PORT"))
        for host, port, what, setting in wanted:
            while not probe.is_port_free(port, host):
                if time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                raise ConfigError(f"port {port} for the {what} is taken; end the other process or set {setting}")

    def _write_keystore(self) -> Path:
        """A name with a leading dot, which no backup takes (`hub/store/state_dir.py`); without a listener the file is removed."""
        path = self.data_dir / ".partners.pem"
        path.unlink(missing_ok=True)
        if self.partners is not None:
            from hub.broker import certificate  # here: without partners nobody needs cryptography's eight megabytes

            pair = (self.partners.certificate_file, self.partners.key_file)
            certificate.write_secret(path, certificate.keystore_of(*pair, self.partners.public_host))
        return path

    def _format(self) -> None:
        """Write the storage's identity once. The cluster id is kept beside the data and survives a lost format."""
        if (self.log_dir / "meta.properties").is_file() and (self.log_dir / "bootstrap.checkpoint").is_file():
            return
        identity = self.data_dir / "cluster.id"
        if not identity.is_file():
            self._write(identity, _new_cluster_id())
        cluster_id = identity.read_text(encoding="ascii").strip()
        tool = ["kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(self._properties)]
        done = subprocess.run(
            [*self._jvm("-Xmx128m"), *self._archive.reading_flags(), *tool, "--standalone", "--ignore-formatted"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise FatalError(f"Kafka's storage in {self.log_dir} could not be formatted: {lines[0] if lines else 'no output'}")

    @cached_property
    def _java(self) -> Path:
        return find_java()

    @cached_property
    def _archive(self) -> ClassDataArchive:
        return ClassDataArchive(self._jars_dir, self._java, self.data_dir)

    def _write(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise _disk_error(path, error) from error


def last_error(log_file: Path) -> str:
    """The last error that Kafka wrote there, in one line."""
    lines = log_file.read_text(encoding="utf-8", errors="replace").splitlines() if log_file.is_file() else []
    telling = [line for line in lines[-400:] if " ERROR " in line or "Exception" in line or "OutOfMemoryError" in line]
    return telling[-1].strip()[:300] if telling else "it wrote no error"


def _disk_error(path: Path, error: OSError) -> ConfigError:
    what = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error)).lower()
    return ConfigError(f"{path} cannot be written: {what}; make room, correct its rights or set HUB_STATE_DIR")


def _new_cluster_id() -> str:
    """22 characters of URL-safe base64, as Kafka's own random-uuid; it must not begin with a dash."""
    while True:
        name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not name.startswith("-"):
            return name
