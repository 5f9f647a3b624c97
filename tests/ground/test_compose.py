"""docker-compose.yml says nothing that is not so."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach.__main__ import commands
from outreach.settings import Settings

REPOSITORY = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("command", [""])[0] == "outreach"}


def test_every_part_of_the_product_is_there() -> None:
    assert {service["command"][1] for service in OURS.values()} == {"db", "serve", "worker", "clock", "dialog"}


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_a_command_that_exists(name) -> None:
    assert OURS[name]["command"][1] in commands()


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_given_settings_that_exist(name) -> None:
    known = {f"OUTREACH_{field.upper()}" for field in Settings.model_fields}
    assert set(OURS[name]["environment"]) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_only_for_services_that_exist(name) -> None:
    assert set(SERVICES[name].get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_to_this_machine_only(name) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_docker_reads_it_too() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker client with compose on this machine")
    checked = subprocess.run(
        [docker, "compose", "config", "--quiet"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
