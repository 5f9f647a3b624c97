"""Every service of docker-compose.yml, started by its command as written, on one embedded database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ground.test_compose import OURS

REPOSITORY = Path(__file__).parents[2]
#: What each says once it is up.
READY = {"serve": "listening on", "worker": "working", "clock": "ticking"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"OUTREACH_DATA_DIR": str(tmp_path_factory.mktemp("data")), "OUTREACH_PORT": str(port)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **settings, "PATH": path}


def test_the_schema_is_made_by_the_service_the_others_wait_for(environment) -> None:
    migrated = subprocess.run(OURS["migrate"]["command"], env=environment, cwd=REPOSITORY, check=False)
    assert migrated.returncode == 0


@pytest.mark.parametrize("name", ["web", "worker", "clock"])
def test_a_service_starts_says_so_and_ends_in_good_order_when_told(environment, name) -> None:
    command = OURS[name]["command"]
    service = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    try:
        assert READY[command[1]] in service.stdout.readline()
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=30)
    assert service.returncode == 0
