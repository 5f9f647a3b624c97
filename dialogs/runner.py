"""Runs the rasa-sdk actions in this process, through rasa-sdk's own executor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import ActionExecutor

from dialogs import actions, codec
from dialogs.turn import Outcome, Quoter

#: the executor wants a domain and caches it; the actions read none
_DOMAIN: dict[str, Any] = {"version": "3.1", "slots": {}}


@dataclass(slots=True)
class Ran:
    """What the actions of a turn left behind."""

    memory: dict[str, Any]
    parts: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class Runner:
    """Actions registered as instances, so that the plan policy reaches them without a global."""

    def __init__(self, *, quote: Quoter) -> None:
        self._executor = ActionExecutor()
        for kind in actions.discover():
            self._executor.register_action(kind(quote))

    async def run(self, name: str, slots: Mapping[str, Any], *, text: str) -> Ran:
        """One action. Raises what the action raises: a broken action is a bug, not an answer."""
        tracker = {
            "sender_id": "debtor",
            "slots": dict(slots),
            "latest_message": {"text": text, "intent": {"name": slots["reading"]["intent"]}, "entities": []},
            "events": [],
            "paused": False,
            "latest_event_time": 0,
            "followup_action": None,
            "latest_input_channel": "",
            "active_loop": {},
            "latest_action_name": "action_listen",
        }
        call = {"next_action": name, "sender_id": "debtor", "version": "3.6", "domain": _DOMAIN, "tracker": tracker}
        result = await self._executor.run(call)
        return collected(result.events, result.responses, slots["memory"])


def collected(events: list[dict[str, Any]], responses: list[dict[str, Any]], memory: dict[str, Any]) -> Ran:
    """Memory from the slot events, words and wishes from the custom messages; the same for a Rasa server's answer."""
    ran = Ran(memory=memory)
    for event in events:
        if event.get("event") == "slot" and event.get("name") == "memory":
            ran.memory = event["value"]
    for response in responses:
        custom = response.get("custom") or {}
        ran.parts += custom.get("parts", [])
        ran.outcomes += [codec.load_outcome(o) for o in custom.get("outcomes", [])]
    return ran
