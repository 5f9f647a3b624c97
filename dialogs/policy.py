"""Where we are and what was said -> which actions run. No wording, no sums; what answers what stands in `table`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogs import table
from dialogs.understand import labels


@dataclass(frozen=True, slots=True)
class Step:
    action: str
    quiet: bool = False


def steps(
    *,
    intents: Sequence[str],
    slots: Mapping[str, Any],
    memory: Mapping[str, Any],
    verified: bool,
    silent: bool,
    sure: bool = True,
) -> list[Step]:
    """Which actions run, in order. The first that speaks is the reply, except after a digression.

    `silent`: duties only. Not `sure`: a duty is done on a likelihood, so a person looks too (where none is called anyway).
    """
    duties = _duties(intents, slots, memory)
    if duties:
        beside = [
            Step(table.RECORDED[i], quiet=True)
            for i in intents
            if i in table.RECORDED and not _covered(i, intents, memory)
        ]
        called = intents[0] in table.DUTIES and labels.action_for(intents[0]) == "escalate"
        doubt = [] if sure or called else [Step("action_unsure", quiet=True)]
        return [Step(d) for d in dict.fromkeys(duties)] + beside + doubt
    if memory.get("asked") in table.ANSWERED_IN_SILENCE and (action := _open_answer(intents, memory)):
        return [Step(action)]
    if silent:
        return [Step(table.RECORDED[i], quiet=True) for i in intents if i in table.RECORDED]
    action = (
        _nothing_left(intents, slots, memory)
        or _open_answer(intents, memory)
        or _bare_after_silence(intents, memory)
        or _corrected(intents, slots, memory)
        or table.ANSWERS[intents[0]]
    )
    if not verified and _needs_identity(action, slots):
        return [Step("action_identify")]
    planned = [Step(action)]
    if action == "action_plan" and "hardship" in intents:
        planned.insert(0, Step("action_hardship", quiet=True))
    if memory.get("form") and action in table.DIGRESSIONS:
        planned.append(Step("action_plan_again"))
    elif action == "action_plan" and "ask_balance" in intents:
        planned.insert(0, Step("action_balance"))
    return planned


def _needs_identity(action: str, slots: Mapping[str, Any]) -> bool:
    given = action == "action_clarify" and any(slots.get(k) for k in ("zip", "dob"))
    return given or action in table.ABOUT_ACCOUNT


def _duties(intents: Sequence[str], slots: Mapping[str, Any], memory: Mapping[str, Any]) -> list[str]:
    if memory.get("asked") == "dispute_reason" and intents[0] in {"dispute", "already_paid"}:
        return ["action_dispute_reason"]
    if memory.get("asked") == "attorney_contact" and intents[0] == "attorney_representation":
        return ["action_attorney_contact"]
    named = [table.DUTIES[i] for i in intents if i in table.DUTIES]
    # the whole debt said to be paid is a dispute (section 5)
    if "already_paid" in intents and slots.get("full_balance") and "action_dispute" not in named:
        named.append("action_dispute")
    return named


def _covered(intent: str, intents: Sequence[str], memory: Mapping[str, Any]) -> bool:
    """The duty says it already: a dispute because it was paid is no payment to look up."""
    return intent == "already_paid" and ("dispute" in intents or memory.get("asked") == "dispute_reason")


def _open_answer(intents: Sequence[str], memory: Mapping[str, Any]) -> str | None:
    for answers, action in table.OPEN.get(memory.get("asked") or "", ()):
        if answers & set(intents[:2]):
            return action
    return None


def _nothing_left(intents: Sequence[str], slots: Mapping[str, Any], memory: Mapping[str, Any]) -> str | None:
    """Asked for a figure, "nothing, I have nothing" is hardship and no figure to ask for again."""
    figure = any(slots.get(k) for k in ("amount", "amount_min", "amount_max", "count"))
    asked = memory.get("asked") == "plan_amount" and "hardship" in intents and not figure
    if not asked:
        return None
    return table.ANSWERS["hardship"] if slots.get("reason") else "action_hardship_nothing"


def _corrected(intents: Sequence[str], slots: Mapping[str, Any], memory: Mapping[str, Any]) -> str | None:
    """Another day or figure for what was promised a moment ago."""
    bare = intents[0] == "inform" and not memory.get("asked") and memory.get("promised")
    return "action_promise" if bare and (slots.get("date") or slots.get("amount")) else None


def _bare_after_silence(intents: Sequence[str], memory: Mapping[str, Any]) -> str | None:
    """A bare yes, no or value to a form that silence dropped."""
    return "action_plan_expired" if memory.get("expired") and intents[0] in table.YES_NO | {"inform"} else None
