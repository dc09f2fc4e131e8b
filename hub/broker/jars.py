"""Kafka's own jars: fetched by Maven into a cache that survives the state directory, each checked by sha256.

The names and sums are committed beside the pom (`ops/kafka`, in an installed package `hub/broker/kafka`), so that what
runs is what was tried, whatever a registry answers. A jar that differs is never started.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hub.errors import ConfigError

VERSION = "4.3.1"
POM = "pom.xml"
SUMS = "jars.sha256"


def definition_dir() -> Path:
    """The folder with the pom and the sums: in the package if it was installed, else in the repository."""
    packaged = Path(__file__).parent / "kafka"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "ops" / "kafka"


def cache_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Where the jars lie: `$XDG_CACHE_HOME` or `~/.cache`, by version. Raises ConfigError for a user without a home."""
    environ = os.environ if environ is None else environ
    try:
        base = Path(environ["XDG_CACHE_HOME"]) if environ.get("XDG_CACHE_HOME") else Path.home() / ".cache"
    except RuntimeError as error:
        raise ConfigError("this user has no home directory for Kafka's jars to lie in; set XDG_CACHE_HOME") from error
    return base / "regional-talent-hub" / f"kafka-{VERSION}"


def expected_sums() -> dict[str, str]:
    """Jar name → sha256, as committed."""
    lines = (definition_dir() / SUMS).read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines if line.strip())}


def faults(directory: Path) -> list[str]:
    """What is wrong with the jars in `directory`, one phrase each; empty when all are as committed."""
    found = []
    for name, digest in expected_sums().items():
        jar = directory / name
        if not jar.is_file():
            found.append(f"{name} is missing")
        elif _sha256(jar) != digest:
            found.append(f"{name} is corrupt (its sha256 is not the committed one)")
    return found


def verified_jars(directory: Path | None = None) -> list[Path]:
    """The jars to start with, in a fixed order. Raises ConfigError when one is missing or corrupt."""
    directory = directory or cache_dir()
    wrong = faults(directory)
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise ConfigError(
            f"Kafka's jars in {directory} cannot be used: {wrong[0]}{more}; run `make setup`, it fetches them again"
        )
    return [directory / name for name in expected_sums()]


def fetch(directory: Path | None = None) -> bool:
    """Bring the jars by Maven unless they are all there; True when something was fetched.

    The directory is replaced as a whole and only by jars that match, so an interrupted fetch leaves no half state.
    """
    directory = directory or cache_dir()
    if not faults(directory):
        return False
    maven = shutil.which("mvn")
    if maven is None:
        raise ConfigError("Maven is missing and Kafka's jars are not there yet; install it: apt-get install maven")
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".fetch-", dir=directory.parent))
    try:
        _run_maven(maven, fresh)
        wrong = faults(fresh)
        if wrong:
            raise ConfigError(f"Maven brought jars that do not match {SUMS}: {'; '.join(wrong[:3])}; nothing was installed")
        shutil.rmtree(directory, ignore_errors=True)
        fresh.chmod(0o755)
        fresh.rename(directory)
        for archive in directory.parent.glob(f"{directory.name}-*.jsa"):
            archive.unlink()  # made from the old files: the JVM would pass over it for ever
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def _run_maven(maven: str, target: Path) -> None:
    command = [maven, "-q", "-B", "-f", str(definition_dir() / POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise ConfigError(
            f"Maven could not bring Kafka's jars: {lines[0] if lines else 'no output'}; is a Maven registry reachable?"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
