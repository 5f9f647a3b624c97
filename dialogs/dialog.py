"""One turn: read, decide, act, word. No I/O after load."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from dialogs import choosing, codec, forms, policy, understand
from dialogs.runner import Runner
from dialogs.turn import DropsPlan, Facts, Heard, Identified, Outcome, Quoter, Say, SwitchesLanguage, Turn
from dialogs.understand.spelling import fold
from dialogs.wording import Replies

#: said when nothing else is: a language is taken over only from a sentence that is clearly in it
_CLEAR = 3
#: with one account there is nothing to tell apart
_SEVERAL = 2


class Dialog:
    """A loaded dialog. Stateless: the memory travels with the turn, as JSON."""

    def __init__(self, *, replies: Replies, runner: Runner) -> None:
        self._replies = replies
        self._runner = runner

    async def take_turn(self, memory: Mapping[str, Any], heard: Heard, facts: Facts) -> Turn:
        """One inbound message -> at most one reply, the wishes, and the memory to hand in next time."""
        kept: dict[str, Any] = copy.deepcopy(dict(memory))
        outcomes: list[Outcome] = []
        if kept.get("form") and forms.is_silent(kept["form"], heard.at):
            outcomes.append(_dropped(kept))
        reading = self._read(kept, heard, facts, outcomes)
        parts = await self._act(kept, heard, facts, reading, outcomes)
        said = self._word(parts, heard, facts, reading, outcomes)
        return Turn(
            said=said,
            outcomes=tuple(outcomes),
            memory=kept,
            intent=reading["intent"],
            intents=tuple(reading["intents"]),
            slots=reading["slots"],
            action=reading["action"],
        )

    def expire(self, memory: Mapping[str, Any], *, at: datetime) -> tuple[tuple[Outcome, ...], dict[str, Any]]:
        """What silence does by itself: a form untouched for 72 hours is dropped, without a message."""
        kept: dict[str, Any] = copy.deepcopy(dict(memory))
        if kept.get("form") and forms.is_silent(kept["form"], at):
            return (_dropped(kept),), kept
        return (), kept

    def _read(self, memory: dict[str, Any], heard: Heard, facts: Facts, outcomes: list[Outcome]) -> dict[str, Any]:
        hint = memory.get("language") or facts.language
        seen = understand.read(
            _named_in_full(heard.text, facts),
            expecting=expecting(memory) or _proving(heard.text, facts),
            today=heard.today,
            language_hint=hint,
            channel=heard.medium,
            safety=heard.safety,
        )
        intents = list(seen.intents)
        if _chose(memory, heard, facts) and set(intents) <= _SAYS_WHICH:
            intents = ["inform"]
        language = hint
        if seen.lang != hint and not memory.get("language_asked_for") and len(heard.text.split()) >= _CLEAR:
            language = seen.lang
            memory["language"] = language
            outcomes.append(SwitchesLanguage(language=language))
        return {
            "intent": intents[0],
            "intents": intents,
            "slots": dict(seen.slots),
            "action": seen.action,
            "language": language if language in {"en", "es"} else "en",
            "verified": facts.verified,
            "sure": seen.sure,
        }

    async def _act(
        self, memory: dict[str, Any], heard: Heard, facts: Facts, reading: dict[str, Any], outcomes: list[Outcome]
    ) -> list[dict[str, Any]]:
        if reading["action"] == "none":
            return []
        silent = heard.medium in facts.opted_out or facts.held_by_person or facts.blocked
        if reading["intents"] != ["out_of_scope"]:
            memory["oos"] = 0
        slots = {
            "facts": codec.dump(facts),
            "heard": codec.dump(heard),
            "reading": reading,
            "memory": memory,
        }
        planned = policy.steps(
            intents=reading["intents"],
            slots=reading["slots"],
            memory=memory,
            verified=reading["verified"],
            silent=silent,
            sure=reading["sure"],
        )
        if planned == [policy.Step("action_identify")] and reading["intents"] != ["inform"]:
            memory["pending"] = {"intents": reading["intents"], "slots": reading["slots"]}
        parts: list[dict[str, Any]] = []
        while planned:
            step = planned.pop(0)
            # after a duty has spoken the rest records; a digression is followed by the open question
            quiet = step.quiet or (bool(parts) and step.action not in {"action_plan_again", "action_plan"})
            ran = await self._runner.run(step.action, {**slots, "quiet": quiet, "memory": memory}, text=heard.text)
            memory.clear()
            memory.update(ran.memory)
            parts += ran.parts
            outcomes += ran.outcomes
            if any(isinstance(o, Identified) for o in ran.outcomes):
                planned += _resumed(memory, reading)
            reading["language"] = memory.get("language") or reading["language"]
        return [] if _is_mute(silent, heard, facts, reading) else parts

    def _word(
        self, parts: list[dict[str, Any]], heard: Heard, facts: Facts, reading: dict[str, Any], outcomes: list[Outcome]
    ) -> tuple[Say, ...]:
        if not parts:
            return ()
        return (
            self._replies.say(
                parts,
                language=reading["language"],
                medium=heard.medium,
                verified=reading["verified"],
                first=facts.first_account_reply,
                time_barred=any(a.time_barred for a in facts.accounts),
            ),
        )


#: the reader knows the questions of the message format; ours that take a day, a figure or a yes map onto them
_EXPECTING = {
    "promise_date": "plan_start",
    "reschedule_date": "plan_start",
    "reschedule_confirm": "confirm",
    "replace": "confirm",
    "pay_once": "confirm",
    "restart": "confirm",
    "hardship": "plan_amount",
    "account": "identity",
    "which": "identity",
    "attorney_contact": None,
}


def _named_in_full(text: str, facts: Facts) -> str:
    """ "50 a month on 8820": the digits of an account are no amount; said in full, the reader knows them for what they are."""
    if not facts.verified or len(facts.accounts) < _SEVERAL:
        return text
    ends = "|".join(sorted({re.escape(a.ref[-4:]) for a in facts.accounts}))
    return re.sub(
        rf"(?i)(?<![\w$.,/•-])(?<!ending )(?<!ending in )(?<!account )(?:{ends})(?![\w/-]|[.,]\d)", _in_full, text
    )


def _in_full(digits: re.Match[str]) -> str:
    return f"account {digits[0]}"


#: what "the second one" or "1" may look like
_SAYS_WHICH = frozenset({"inform", "out_of_scope", "affirm", "deny", "accept_offer", "help", "greeting", "thanks"})


def _chose(memory: Mapping[str, Any], heard: Heard, facts: Facts) -> bool:
    """The message answers "which account?" by its place in the list, its figures or its creditor."""
    listed = [a for a in facts.accounts if not a.held]
    return memory.get("asked") in {"account", "which"} and choosing.chosen(fold(heard.text), listed) is not None


_FACTORS = re.compile(
    r"(?<!\d)\d{5}(?!\d).*\d{1,2}[/ .-]\d{1,2}[/ .-]\d{2,4}|\d{1,2}[/ .-]\d{1,2}[/ .-]\d{2,4}.*(?<!\d)\d{5}(?!\d)", re.S
)


def _proving(text: str, facts: Facts) -> str | None:
    """ZIP and date of birth sent before we asked, on a channel nobody verified."""
    return "identity" if not facts.verified and _FACTORS.search(text) else None


def expecting(memory: Mapping[str, Any]) -> str | None:
    """The open question in the reader's words; `memory` as a turn left it."""
    asked = memory.get("asked") or ""
    if asked == "plan_start" and (memory.get("form") or {}).get("countered"):
        # a bare figure after a counter-offer is another figure, not a day of the month
        return "offer"
    return _EXPECTING.get(asked, asked or None)


def _dropped(memory: dict[str, Any]) -> Outcome:
    ref = memory["form"].get("account")
    memory.update(form=None, asked=None, expired=True)
    return DropsPlan(account_ref=ref)


def _resumed(memory: dict[str, Any], reading: dict[str, Any]) -> list[policy.Step]:
    """What was asked before identity was, now that it is known."""
    pending = memory.pop("pending", None) or {"intents": ["ask_balance"], "slots": {}}
    reading.update(verified=True, intents=pending["intents"], slots=pending["slots"])
    return policy.steps(intents=pending["intents"], slots=pending["slots"], memory=memory, verified=True, silent=False)


def _is_mute(silent: bool, heard: Heard, facts: Facts, reading: dict[str, Any]) -> bool:
    """After a stop only a start is answered; a person who took the thread is not talked over; a block lets help through."""
    if not silent or facts.held_by_person:
        return facts.held_by_person
    if heard.medium in facts.opted_out:
        return "opt_in" not in reading["intents"]
    return "threat_or_self_harm" not in reading["intents"]


def load(folder: Path, *, quote: Quoter) -> Dialog:
    """Reads the reply templates of `folder`, registers the actions, warms the reader. All I/O happens here."""
    understand.warm()
    return Dialog(replies=Replies(folder), runner=Runner(quote=quote))
