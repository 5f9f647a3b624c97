"""A campaign file is right, or every mistake in it is named with what is allowed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach.campaigns import audience, definition
from outreach.campaigns.definition import DefinitionError

FILE = """
name: spring-reminder
audience: {creditor: Fairview Medical Group, min_balance: 25.00}
steps:
  - {template: reminder, channel: sms, after_days: 0}
  - {template: reminder, channel: email, after_days: 3}
stop_when: [replied, paid, plan_agreed]
schedule: {at: now}
rate: {sms: 300, email: 200}
"""


def test_the_file_of_the_manual_is_read() -> None:
    read = definition.read(FILE)
    assert [(s.channel, s.after_days) for s in read.steps] == [("sms", 0), ("email", 3)]
    assert audience.values(read.audience, now=datetime.now(UTC)) == {
        "creditor": ["Fairview Medical Group"],
        "min_balance": 2500,
    }
    assert (
        audience.describe(read.audience)
        == "People with an open debt, owed to Fairview Medical Group, of at least 25.0."
    )


def test_json_is_read_too() -> None:
    assert (
        definition.read('{"name": "x", "steps": [{"template": "reminder", "channel": "preferred"}]}').schedule.at
        == "now"
    )


STEP = "name: x\nsteps: [{template: reminder, channel: sms}]\n"
MISTAKES = {
    "no map": ("[1, 2]", "is a map"),
    "no YAML": ("name: [", "neither YAML nor JSON"),
    "no steps": ("name: x\nsteps: []", "steps"),
    "an unknown key": (STEP + "audiance: {}", "audiance is unknown .did you mean audience"),
    "an unknown audience key": (
        STEP + "audience: {min_ballance: 3}",
        "did you mean min_balance..; allowed are creditor",
    ),
    "an unknown channel": ("name: x\nsteps: [{template: t, channel: fax}]", "'sms', 'email' or 'preferred'"),
    "an unknown stop": (STEP + "stop_when: [payed]", "'replied', 'paid' or 'plan_agreed'"),
    "a negative balance": (STEP + "audience: {min_balance: -1}", "min_balance"),
    "an instant without offset": (STEP + "schedule: {at: 2026-03-11T09:00:00}", "timezone"),
    "cron without zone": (STEP + "schedule: {cron: '0 9 * * *'}", "cron needs a timezone"),
    "cron of four fields": (STEP + "schedule: {cron: '0 9 * *', timezone: UTC}", "no cron expression"),
    "an unknown zone": (STEP + "schedule: {cron: '0 9 * * *', timezone: Mars/Base}", "Mars/Base"),
    "both at and cron": (STEP + "schedule: {at: now, cron: '0 9 * * *', timezone: UTC}", "either at or cron"),
    "steps out of order": (
        "name: x\nsteps: [{template: t, channel: sms, after_days: 3}, {template: t, channel: sms}]",
        "order of their after_days",
    ),
    "a rate of nothing": (STEP + "rate: {sms: 0}", "rate.sms"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named(name: str) -> None:
    text, words = MISTAKES[name]
    with pytest.raises(DefinitionError, match=words):
        definition.read(text)


def test_cron_keeps_its_wall_clock_over_the_change_of_time() -> None:
    schedule = definition.Schedule(cron="0 9 * * MON-FRI", timezone="America/New_York")
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    assert schedule.after(friday) == datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert schedule.after(datetime(2026, 3, 5, 15, tzinfo=UTC)) == datetime(2026, 3, 6, 14, tzinfo=UTC)


def test_a_time_that_passed_starts_now() -> None:
    now = datetime(2026, 3, 11, 15, tzinfo=UTC)
    assert definition.Schedule(at=datetime(2026, 3, 10, tzinfo=UTC)).first(now) == now
