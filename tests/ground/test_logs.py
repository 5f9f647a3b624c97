"""What a log may never hold, by either way of logging. In a process of its own: pytest keeps the root logger for itself."""

import json
import subprocess
import sys

import pytest

WRITE = """
import logging
import structlog
from outreach import logs
from outreach.settings import Settings

logs.configure(Settings(log_format="json"))
ours, library = structlog.get_logger(), logging.getLogger("some.library")


def choke():
    try:
        raise KeyError("STOP, I am Dana")
    except KeyError as error:
        raise ValueError("cannot store STOP, I am Dana") from error


for log in (ours, library):
    try:
        choke()
    except ValueError:
        log.exception("broke")
try:
    raise ConnectionRefusedError("port 5432")
except OSError:
    ours.exception("lost")
library.warning("no route to %s", "dana@mail.example")
"""


@pytest.fixture(scope="module")
def written() -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", WRITE], capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in (done.stdout + done.stderr).splitlines()]


def test_an_exception_is_told_by_its_types_and_places_without_the_data_it_choked_on(written):
    told = [event["exception"] for event in written if event["event"] == "broke"]
    assert len(told) == 2
    for each in told:
        assert each.count("ValueError") == each.count("KeyError") == 1
        assert "choke" in each
        assert "Dana" not in each


def test_words_about_machines_are_kept(written):
    (lost,) = [event for event in written if event["event"] == "lost"]
    assert lost["exception"].startswith("ConnectionRefusedError: port 5432")


def test_what_a_library_says_is_masked_like_our_own_words(written):
    assert "no route to ***" in [event["event"] for event in written]
