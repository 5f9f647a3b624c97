"""The same stories through both engines: in-process, and a real Rasa server over our action server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rasa.server import serving

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
    with serving(tmp_path_factory.mktemp("rasa")) as url:
        yield url


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
