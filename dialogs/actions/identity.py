"""Who writes: ZIP and date of birth, or ZIP and reference, compared as digests. Never which was wrong."""

from __future__ import annotations

from typing import Any

from dialogs import identity
from dialogs.actions.base import DialogAction
from dialogs.moment import Moment
from dialogs.turn import Identified

ATTEMPTS = 3


def state(moment: Moment) -> dict[str, Any]:
    """What this channel has shown so far. Factors are kept as matched or not, never as values."""
    known: dict[str, Any] = moment.memory.setdefault("identity", {}).setdefault(
        moment.heard.medium, {"tries": 0, "right": [], "locked": False}
    )
    return known


class Identify(DialogAction):
    """Asks, or judges what was given. After the third failure only a person can verify the channel."""

    label = "action_identify"

    def act(self, moment: Moment) -> None:
        known = state(moment)
        if known["locked"]:
            moment.say("identity_locked")
            return
        given = {k: str(moment.slots[k]) for k in identity.FACTORS if moment.slots.get(k)}
        right = {k for k, v in given.items() if identity.matches(moment.facts.identity, k, v)}
        if given and right != set(given):
            self._failed(moment, known)
            return
        known["right"] = sorted({*known["right"], *right})
        if identity.enough(known["right"]):
            moment.want(Identified(medium=moment.heard.medium))
            moment.ask(None)
            known.update(right=[], tries=0)
            return
        moment.ask("identity")
        moment.say(
            "identity_more" if known["right"] and given else "identity_ask",
            company=moment.facts.company.get("name", ""),
        )

    def _failed(self, moment: Moment, known: dict[str, Any]) -> None:
        known["tries"] += 1
        known["right"] = []
        if known["tries"] >= ATTEMPTS:
            known["locked"] = True
            moment.hand_off("verification_failed")
            moment.ask(None)
            moment.say("identity_locked")
            return
        moment.ask("identity")
        moment.say("identity_retry")
