"""The same conversation held by a Rasa server (DIALOG_ENGINE=rasa): its model and rules lead, our actions speak.

Memory and facts are pushed as slots before the message; replies and outcomes come back as custom JSON. Our row is the only memory:
the server's tracker is begun anew with every turn, under a name that says nothing about the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiohttp

from dialogs import codec
from dialogs.dialog import Dialog
from dialogs.turn import Facts, Heard, Outcome, Turn
from outreach.errors import OutreachError

#: A call; a turn has two, and its thread is locked meanwhile: both must end before the database ends the session (db.py, 15 s).
TIMEOUT = aiohttp.ClientTimeout(total=6)


class RasaError(OutreachError):
    """The Rasa server did not hold this turn. Is it up at OUTREACH_RASA_URL, with `outreach dialog actions` behind it?"""

    status = 503


class RasaDialog:
    """Looks like the embedded dialog. A turn the server cannot hold raises: the job tries again, then a person is asked."""

    def __init__(self, url: str, embedded: Dialog) -> None:
        self._url = url.rstrip("/")
        self._embedded = embedded

    async def take_turn(self, memory: Mapping[str, Any], heard: Heard, facts: Facts) -> Turn:
        sender = uuid4().hex
        slots = {"memory": dict(memory), "heard": codec.dump(heard), "facts": codec.dump(facts)}
        events = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        try:
            async with aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as session:
                tracker = f"{self._url}/conversations/{sender}/tracker/events"
                await session.post(tracker, json=[{"event": "action", "name": "action_listen"}, *events])
                message = {"sender": sender, "message": heard.text}
                async with session.post(f"{self._url}/webhooks/rest/webhook", json=message) as answer:
                    said = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RasaError from error
        for part in said:
            if turn := (part.get("custom") or {}).get("turn"):
                return codec.load_turn(turn)
        raise RasaError

    def expire(self, memory: Mapping[str, Any], *, at: datetime) -> tuple[tuple[Outcome, ...], dict[str, Any]]:
        return self._embedded.expire(memory, at=at)
