"""Calls and visits that people logged."""

from __future__ import annotations

from datetime import timedelta

from tests.evidence.scene import Scene, lawful, plant


@plant("call_hours")
async def before_eight(s: Scene) -> None:
    await s.called(at=s.at.replace(hour=11, minute=59))


@plant("call_hours")
async def a_visit_at_night(s: Scene) -> None:
    await s.called(at=s.at.replace(hour=2), channel="visit", outcome="")


@plant("call_hours")
async def in_quiet_hours(s: Scene) -> None:
    await s.wish("quiet_window", window="10:00-12:00")
    await s.called()


@plant("call_silence")
async def a_lawyer_is_known(s: Scene) -> None:
    await s.hold("attorney")
    await s.called()


@plant("call_silence")
async def calls_refused(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=2), medium="voice")
    await s.called()


@plant("call_often")
async def eight_in_a_week(s: Scene) -> None:
    for hours in (140, 120, 96, 72, 48, 24, 1, 0):
        await s.called(at=s.at - timedelta(hours=hours))


@plant("call_often")
async def six_days_after_a_conversation(s: Scene) -> None:
    await s.called(at=s.at - timedelta(days=6), outcome="conversation")
    await s.called()


@lawful
async def seven_in_a_week(s: Scene) -> None:
    for back in range(7):
        await s.called(at=s.at - timedelta(days=back))


@lawful
async def a_week_after_a_conversation(s: Scene) -> None:
    await s.called(at=s.at - timedelta(days=7), outcome="conversation")
    await s.called()


@lawful
async def eight_of_which_one_did_not_connect(s: Scene) -> None:
    await s.called(at=s.at - timedelta(hours=2), outcome="call_not_connected")
    for back in range(7):
        await s.called(at=s.at - timedelta(days=back))


@lawful
async def calls_wanted_again(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=3), medium="voice")
    await s.refuse(at=s.at - timedelta(days=2), medium="voice", kind="grant")
    await s.called()


@lawful
async def a_letter_at_any_hour(s: Scene) -> None:
    await s.called(at=s.at.replace(hour=2), channel="mail", outcome="")
