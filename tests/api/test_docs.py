"""The examples of docs/api.md, run in their order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import shlex
from pathlib import Path
from typing import Any

from outreach.partners import events, keys, wire
from tests.api.conftest import System, publish

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
#: command, expected status, expected part of the answer
EXAMPLES = [
    (command.replace("\\\n", " "), int(status), json.loads(answer))
    for block in re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
    for command, status, answer in re.findall(r"^(curl .*?)\n# (\d{3}) (.*?)$", block, re.DOTALL | re.MULTILINE)
]


def parsed(command: str) -> tuple[str, str, dict[str, str], str | None]:
    """Method, path, headers and body of a curl command: what the examples use of it."""
    words = shlex.split(command)[1:]
    method, path, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        else:
            path = word.removeprefix("$API")
    return method, path, headers, body


def within(part: Any, whole: Any) -> bool:
    """Whether everything an example shows is in the answer; lists are shown by their first."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and within(part[name], whole[name]) for name in part)
    if isinstance(part, list):
        return isinstance(whole, list) and (not part or within(part[0], whole[0]) if whole else not part)
    return part == whole


async def test_every_example_does_what_it_says(fairview: System, context) -> None:
    assert len(EXAMPLES) >= 12
    for command, status, shown in EXAMPLES:
        method, path, headers, body = parsed(command)
        assert headers.pop("Authorization") == "Bearer $KEY"
        if path.startswith("/events"):
            await publish(context)
        answer = await fairview.ask(method, path, headers=headers, content=body, key=headers.get("Idempotency-Key"))
        assert answer.status_code == status, (command, answer.text)
        assert within(shown, answer.json()), (command, answer.text)


def test_every_event_and_scope_the_page_names_exists() -> None:
    named = {f"{noun}{verb}" for line in re.findall(r"^`account\.`.*?cancelled.*?resumed\.$", TEXT, re.DOTALL | re.MULTILINE)
             for noun, verbs in re.findall(r"`(\w+\.)` ([\w, \n]+)", line) for verb in re.split(r",\s*", verbs.strip())}  # fmt: skip
    assert named == set(events.TYPES)
    assert set(re.findall(r"--scope (\S+)", TEXT)) <= set(keys.SCOPES)


def test_the_receiver_of_the_page_knows_us_by_our_signature() -> None:
    said: dict[str, Any] = {"base64": base64, "hashlib": hashlib, "hmac": hmac}
    exec(re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)[1], said)  # type: ignore[index]
    old, new = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    headers = {"webhook-id": "evt_1", "webhook-timestamp": "1700000000"}
    headers["webhook-signature"] = wire.sign([old, new], event="evt_1", timestamp=1_700_000_000, body=b"{}")
    assert said["genuine"](old, headers, b"{}")
    assert said["genuine"](new, headers, b"{}")
    assert not said["genuine"](new, headers, b"{ }")
