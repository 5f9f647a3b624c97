"""The action server of a Rasa assistant: one custom action, `action_turn`, which is a turn of the dialog that runs in-process.

Speaks Rasa's action protocol (`POST /webhook`): facts, memory and message come as slots, the turn leaves as a custom message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from dialogs import codec
from dialogs.dialog import Dialog
from dialogs.turn import Facts, Heard


class Turn(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """What Rasa's rules lead to, whatever the intent: the whole turn, in one place."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog

    def name(self) -> str:
        return "action_turn"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        heard = codec.load(Heard, tracker.get_slot("heard"))
        facts = codec.load(Facts, tracker.get_slot("facts"))
        turn = await self._dialog.take_turn(tracker.get_slot("memory") or {}, heard, facts)
        dispatcher.utter_message(json_message={"turn": codec.dump_turn(turn)})
        return [SlotSet("memory", dict(turn.memory))]


class Actions:
    """The executor behind `POST /webhook`."""

    def __init__(self, dialog: Dialog) -> None:
        self._executor = ActionExecutor()
        self._executor.register_action(Turn(dialog))

    async def answer(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """One call of a Rasa server; events and responses as it expects them."""
        result = await self._executor.run(dict(call))
        return {"events": result.events, "responses": result.responses} if result else {"events": [], "responses": []}
