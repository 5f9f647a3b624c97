"""Debtors nobody thought of, played through the whole service: what comes of it, and what they read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parent / "debtors.yaml"
TURNS = [
    (plot["id"], number, turn)
    for plot in yaml.safe_load(FILE.read_text(encoding="utf-8"))["scenarios"]
    for number, turn in enumerate(plot["turns"], 1)
]


@pytest.fixture(scope="module")
def played() -> dict[tuple[str, int], dict[str, Any]]:
    """One run for all: a database costs seconds, a turn milliseconds."""
    command = [sys.executable, "-m", "outreach", "dialog", "play", str(FILE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return {(line["scenario"], line["turn"]): line for line in lines}


@pytest.mark.parametrize(("plot", "number", "turn"), TURNS, ids=[f"{plot}-{number}" for plot, number, _ in TURNS])
def test_what_comes_of_a_turn(
    played: dict[tuple[str, int], dict[str, Any]], plot: str, number: int, turn: dict[str, Any]
) -> None:
    line = played[plot, number]
    told = " ".join(reply["text"] for reply in line["replies"])
    expected = turn.get("expect", {})
    assert {path: _found(line["state"], path) for path in expected} == expected
    assert len(line["replies"]) == (0 if "wait_hours" in turn else turn.get("replies", 1))
    assert [pattern for pattern in turn.get("says", []) if not re.search(pattern, told)] == []
    assert [pattern for pattern in turn.get("never", []) if re.search(pattern, told)] == []


def _found(state: dict[str, Any], path: str) -> Any:
    """The value under a dotted path; `cases` are the escalations as reason/priority."""
    if path == "cases":
        return sorted(f"{case['reason']}/{case['priority']}" for case in state["escalations"])
    value: Any = state
    for key in path.split("."):
        value = None if value is None else value.get(key)
    return value
