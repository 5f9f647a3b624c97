"""The Rasa project: complete, and its action server holds the very same turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import dialogs
from dialogs import codec, table
from dialogs.server import Actions
from dialogs.understand import labels
from tests.dialogs import cast

PROJECT = Path(dialogs.__file__).parent / "rasa"


def _yaml(name: str) -> Any:
    return yaml.safe_load((PROJECT / name).read_text(encoding="utf-8"))


def test_every_intent_is_declared_ruled_and_exemplified() -> None:
    assert set(_yaml("domain.yml")["intents"]) == labels.INTENTS
    rules = {rule["steps"][0].get("intent") for rule in _yaml("rules.yml")["rules"]}
    assert rules >= labels.INTENTS
    assert {entry["intent"] for entry in _yaml("nlu.yml")["nlu"]} >= labels.INTENTS
    assert _yaml("config.yml")["pipeline"]
    assert _yaml("endpoints.yml")["action_endpoint"]


def test_every_intent_leads_to_an_action_that_exists() -> None:
    from dialogs import actions

    known = {kind.label for kind in actions.discover()}
    assert set(table.DUTIES) | set(table.ANSWERS) == labels.INTENTS
    named = {*table.DUTIES.values(), *table.ANSWERS.values(), *table.RECORDED.values()}
    named |= {action for answers in table.OPEN.values() for _, action in answers}
    assert named | table.DIGRESSIONS | table.ABOUT_ACCOUNT <= known


async def test_the_action_server_holds_the_same_turn(dialog: dialogs.Dialog) -> None:
    memory: dict[str, Any] = {}
    for text in ("can i pay 60 a month", "april 1", "yes", "stop texting me"):
        heard = cast.heard(text)
        slots = {"memory": memory, "heard": codec.dump(heard), "facts": codec.dump(cast.DANA)}
        answer = await Actions(dialog).answer(
            {
                "next_action": "action_turn",
                "sender_id": "x",
                "domain": _yaml("domain.yml"),
                "tracker": {"sender_id": "x", "slots": slots, "events": [], "latest_message": {"text": text}},
            }
        )
        turn = await dialog.take_turn(memory, heard, cast.DANA)
        assert codec.load_turn(answer["responses"][0]["custom"]["turn"]) == turn
        memory = dict(turn.memory)
