"""The same stories through both engines: in-process, and a real Rasa server over our action server."""

from __future__ import annotations

import json
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

import pytest

from tests.rasa import bring

PROJECT = Path(__file__).parents[2] / "dialogs" / "rasa"
STORIES = """
scenarios:
- id: plan
  turns: [{user: "whats my balance"}, {user: "can I pay 50 a month"}, {user: "the 1st"}, {user: "actually 70"}, {user: "yes"}]
- id: stop
  turns: [{user: "pls stop texting me"}, {user: "hello?"}, {user: "START"}]
- id: dispute
  turns: [{user: "this is not mine"}, {user: "how much do I owe"}]
- id: spanish
  lang: es
  turns: [{user: "cuánto debo"}, {user: "puedo pagar 100 al mes desde el viernes"}, {user: "sí"}]
- id: lawyer
  turns: [{user: "my lawyer is Ana Ruiz 415-555-0199"}]
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A trained Rasa server's address, our actions behind it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outreach" / f"rasa-{bring.VERSION}"
    command = bring.rasa(cache)
    project = tmp_path_factory.mktemp("rasa") / "project"
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


def test_both_engines_come_to_the_same(server: str, tmp_path: Path) -> None:
    plot = tmp_path / "stories.yaml"
    plot.write_text(STORIES, encoding="utf-8")
    assert _outcomes(plot, "rasa", server, tmp_path) == _outcomes(plot, "embedded", server, tmp_path)


def _outcomes(plot: Path, engine: str, url: str, folder: Path) -> list[dict[str, Any]]:
    played = subprocess.run(
        [sys.executable, "-m", "outreach", "dialog", "play", str(plot), "--engine", engine],
        env={**os.environ, "OUTREACH_RASA_URL": url, "OUTREACH_DATA_DIR": str(folder / engine)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    lines = [json.loads(line) for line in played.stdout.splitlines()]
    return [{"turn": (t["scenario"], t["turn"]), "state": t["state"], "replies": len(t["replies"])} for t in lines]


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
