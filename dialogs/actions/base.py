"""The one base of the actions: slots in, a moment to act on, events and custom JSON out."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from dialogs import codec
from dialogs.moment import Moment
from dialogs.turn import Quoter


class DialogAction(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """`label` is the action's name in domain.yml; `act` is all a subject has to write."""

    label: ClassVar[str] = ""

    def __init__(self, quote: Quoter) -> None:
        self.quote = quote

    def name(self) -> str:
        return self.label

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        moment = Moment.of(tracker.slots)
        self.act(moment)
        outcomes = [codec.dump_outcome(o) for o in moment.outcomes]
        if moment.parts or outcomes:
            dispatcher.utter_message(json_message={"parts": moment.parts, "outcomes": outcomes})
        return [SlotSet("memory", moment.memory)]

    def act(self, moment: Moment) -> None:
        raise NotImplementedError
