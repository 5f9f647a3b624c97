"""The whole story from the command line, as a newcomer plays it, and what an auditor says of it afterwards."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLAYED = """
scenarios:
- id: plan
  turns:
  - {user: "can I pay 50 a month"}
  - {user: "the 1st"}
  - {user: "actually 70 not 50"}
  - {user: "yes"}
- id: stop
  turns:
  - {user: "pls stop texting me"}
  - {user: "hello?"}
- id: silence
  turns:
  - {user: "can I pay 50 a month starting friday"}
  - {wait_hours: 100}
"""


def outreach(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "outreach", *arguments],
        env={**os.environ, "OUTREACH_DATA_DIR": str(data_dir), "OUTREACH_PORT": "0", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("story")
    return folder / "demo", outreach("demo", "--exit", "--accounts", "90", data_dir=folder)


def figure(printed: str, what: str) -> int:
    found = re.search(rf"{what}\D+(\d+)", printed)
    return int(found[1]) if found else 0


def test_the_demo_ends_well(told: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, demo = told
    assert demo.returncode == 0, demo.stderr[-2000:]
    assert "Traceback" not in demo.stdout + demo.stderr
    for what in (
        "wrote back",
        "agreed on a plan",
        "disputed or asked for proof",
        "asked us to stop",
        "waiting for a person",
    ):
        assert figure(demo.stdout, what) > 0, what


@pytest.mark.parametrize("audit", [("audit", "verify"), ("audit", "sends"), ("compliance", "replay")])
def test_an_auditor_finds_nothing(told: tuple[Path, subprocess.CompletedProcess[str]], audit: tuple[str, str]) -> None:
    folder, _ = told
    found = outreach(*audit, data_dir=folder)
    assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-2000:]


def test_nobody_was_written_to_twice(told: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = told
    lines = (json.loads(line) for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines())
    reminders = [(e["kind"], e["to"]) for e in lines if "a message for" in str(e.get("body", ""))]
    assert len(reminders) == len(set(reminders))


def test_scenarios_play_through_the_whole_service(tmp_path: Path) -> None:
    (tmp_path / "plot.yaml").write_text(PLAYED, encoding="utf-8")
    played = outreach("dialog", "play", str(tmp_path / "plot.yaml"), data_dir=tmp_path / "data")
    assert played.returncode == 0, played.stderr[-2000:]
    turns = [json.loads(line) for line in played.stdout.splitlines()]
    assert [(t["scenario"], t["turn"]) for t in turns] == [
        ("plan", 1), ("plan", 2), ("plan", 3), ("plan", 4), ("stop", 1), ("stop", 2), ("silence", 1), ("silence", 2),
    ]  # fmt: skip
    agreed = turns[3]["state"]["plan"]
    assert (agreed["status"], agreed["account"], agreed["amount"], agreed["count"]) == ("agreed", "4471", 70.0, 9)
    assert turns[4]["state"]["opted_out"] == ["sms"]
    assert [len(t["replies"]) for t in turns] == [1, 1, 1, 1, 1, 0, 1, 0]
    assert turns[7]["state"]["plan"]["status"] == "none"  # a form that silence dropped never was a plan
