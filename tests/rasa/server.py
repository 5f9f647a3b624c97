"""A trained Rasa server of this dialog's project, its actions behind it; for the tests and the benchmark alike."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.rasa import bring

PROJECT = Path(__file__).parents[2] / "dialogs" / "rasa"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The server's address. Brings Rasa where it is missing: minutes, and 2.5 GB of disk."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outreach" / f"rasa-{bring.VERSION}"
    command = bring.rasa(cache)
    project = folder / "project"
    shutil.copytree(PROJECT, project)
    port, actions = _free_port(), _free_port()
    env = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",
        "ACTION_ENDPOINT": f"http://127.0.0.1:{actions}/webhook",
    }
    subprocess.run([command, "train", "--data", "nlu.yml", "rules.yml"], cwd=project, env=env, check=True)
    ours = [sys.executable, "-m", "outreach", "dialog", "actions", "--port", str(actions)]
    theirs = [command, "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port), "--credentials", "credentials.yml"]
    with _running(ours, env=env), _running([*theirs, "--endpoints", "endpoints.yml"], cwd=project, env=env):
        _until(f"http://127.0.0.1:{actions}/health", says="ok")
        _until(f"http://127.0.0.1:{port}/status", says="model_file")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[Any], **options: Any) -> Iterator[None]:
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, **options)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until(url: str, *, says: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if says in answer.read().decode():
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise TimeoutError(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
