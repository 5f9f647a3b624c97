"""Is an address dead? By status code and by the words of the mail system; both lie at times."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

from channels.contract import FailureClass
from channels.email import codes

#: the system says that it never takes mail, whatever enhanced code it finds for that (RFC 7504; RFC 7505)
TAKES_NO_MAIL = frozenset({521, 556})


@cache
def patterns() -> dict[str, Any]:
    loaded = yaml.safe_load(resources.files(__package__).joinpath("bounces.yaml").read_text("utf-8"))
    return {
        "reasons": [(row["is"] == "hard", re.compile(row["say"], re.IGNORECASE)) for row in loaded["reasons"]],
        "subjects": re.compile(loaded["subjects"], re.IGNORECASE),
        "senders": re.compile(loaded["senders"], re.IGNORECASE),
        "original": re.compile(loaded["original"], re.IGNORECASE),
        "absent": re.compile(loaded["absent"], re.IGNORECASE),
        "help": re.compile(loaded["help"], re.IGNORECASE),
    }


def classify(*, status: str, reply: int, said: str, late: bool = False) -> tuple[bool, str]:
    """Is the address dead, and the status code that says so.

    The far system's own code outweighs the reporter's, the words outweigh a code that says nothing; what is temporary,
    on the way, or held against the sender is never the fault of the address. `late`: the answer came after the mail was
    shown, for a recipient that had been taken; then only a code that names the address speaks against it.
    """
    said = " ".join(said.split())
    status = codes.enhanced(said) or status
    if patterns()["absent"].search(said[:2000]):
        return True, status
    if status.startswith("4") or status.startswith("5.4.") or (not status and 400 <= reply < 500):
        return False, status
    table, verdict = codes.meaning(status=status, reply=0).failure, by_reason(said)
    if reply in TAKES_NO_MAIL and verdict is not False and not status.startswith("5.7."):
        return True, status
    if table is FailureClass.SENDER or (late and not status.startswith(("5.1.", "5.2.1"))):
        return False, status
    if table is FailureClass.PERM_ADDR and verdict is not None:
        return verdict or (status in {"5.1.1", "5.1.10"} and _says_dead(said)), status
    return (table is FailureClass.PERM_ADDR if verdict is None else verdict), status


def _says_dead(said: str) -> bool:
    return any(hard and pattern.search(said[:2000]) for hard, pattern in patterns()["reasons"])


def by_reason(said: str) -> bool | None:
    return next((hard for hard, pattern in patterns()["reasons"] if pattern.search(said[:2000])), None)
