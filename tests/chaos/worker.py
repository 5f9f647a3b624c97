"""`outreach worker` and `outreach clock` as processes of their own, to be killed: the commands an installation runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outreach import __main__ as command
from outreach import app, migrations, web  # noqa: F401  # what the commands import as they go: forked processes have it at once
from outreach.cli import _run  # noqa: F401
from outreach.messages import delivery, prepare  # noqa: F401
from scheduler import clock, worker  # noqa: F401


def run(environment: Mapping[str, str], log: Path, name: str = "worker") -> None:
    """The process's main function: `outreach NAME`; what it says goes to `log`."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    if poisonous := environment.get("CHAOS_POISON"):
        _plant(int(poisonous))
    sys.argv = ["outreach", name]
    command.main()


def _plant(debtor_id: int) -> None:
    """A defect for R14: deciding on this person's message ends the process."""
    decide = prepare.judge

    def fatal(person: Mapping[str, Any], *given: Any, **named: Any) -> Any:
        if person["id"] == debtor_id:
            os.kill(os.getpid(), signal.SIGKILL)
        return decide(person, *given, **named)

    prepare.judge = fatal
