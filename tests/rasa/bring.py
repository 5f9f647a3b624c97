"""Brings Rasa Open Source 3.6 into an environment of its own: its pins cannot share ours, and its wheel says Python < 3.11."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email.parser import BytesHeaderParser
from pathlib import Path

from packaging.markers import Marker

VERSION = "3.6.21"
BIN = Path(sys.executable).parent
#: requirements are judged as for the newest Python the wheel names
THEN = {"python_version": "3.10", "python_full_version": "3.10.13", "extra": ""}
_REQUIREMENT = re.compile(r"([\w.\-\[\],]+)\s*(?:\(([^)]*)\))?\s*(?:;(.*))?$")


def rasa(home: Path) -> Path:
    """The `rasa` command, installed under `home` unless it is there already."""
    command = home / "env" / "bin" / "rasa"
    if command.exists():
        return command
    home.mkdir(parents=True, exist_ok=True)
    _run(
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--ignore-requires-python",
        f"rasa=={VERSION}",
        "-d",
        home,
    )
    wheel = next(home.glob("rasa-*.whl"))
    (home / "requirements.txt").write_text("\n".join(requirements(wheel)), encoding="utf-8")
    uv = (BIN / "uv", "--system-certs")
    _run(*uv, "venv", "-q", "--seed", "--allow-existing", home / "env")
    into = {**os.environ, "VIRTUAL_ENV": str(home / "env")}
    _run(*uv, "pip", "install", "-q", "-r", home / "requirements.txt", "setuptools<81", env=into)
    _run(home / "env/bin/python", "-m", "pip", "install", "-q", "--no-deps", "--ignore-requires-python", wheel)
    return command


def requirements(wheel: Path) -> list[str]:
    """What the wheel asks for on Linux, with the one pin relaxed that has no wheel for newer Pythons."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith("METADATA"))
        asked = BytesHeaderParser().parsebytes(archive.read(name)).get_all("Requires-Dist", [])
    found = []
    for line in asked:
        match = _REQUIREMENT.match(line.strip())
        if match is None:
            raise ValueError(f"cannot read the requirement {line!r}")
        package, versions, marker = match[1], match[2] or "", match[3]
        if marker and not Marker(marker).evaluate(THEN):
            continue
        found.append(package + (">=3.1,<3.9" if package.lower() == "matplotlib" else versions))
    return found


def _run(*command: object, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env)
