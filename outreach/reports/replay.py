"""Recorded decisions made again from their stored facts: the same rules must answer the same; other rules show what they would change.

A record holds what the rules decided and, before that, what the review of the words found. The first part is recomputed from the
facts alone. The second needs the words, of which only the last version is on file: where that is the one judged, it is reviewed again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import compliance
from outreach.compliance import Decision, Effect, Facts
from outreach.reports import decided
from outreach.settings import Settings

#: the gate's own refusals: no address, or facts nobody could read; no rule was asked
HOUSE = frozenset({"ADDRESS", "FACTS"})

_RECORDS = """
select r.id, r.message_id, r.debtor_id, r.stage, r.at, r.decision, r.earliest_at, r.rules, r.findings, r.facts, r.facts_hash, r.ruleset,
  r.tz_version, m.medium, m.language, m.subject, m.text, m.html, m.content,
  -- the words on file are those of the newest allowed send, else those that were planned
  coalesce(r.id = coalesce((select max(x.id) from decision_record x where x.message_id = r.message_id and x.stage = 'send'
      and x.decision = 'allow'), case when r.stage <> 'send' then r.id end), false) as words_on_file
from decision_record r left join message m on m.id = r.message_id
where (cast(:message_id as uuid) is null or r.message_id = :message_id) and (cast(:since as timestamptz) is null or r.at >= :since)
order by r.id
"""


class Verdict(StrEnum):
    SAME = "same"
    #: made under another version of the rules or of the time zones: that release's package answers for it
    RULES_CHANGED = "rules changed"
    #: no rule was asked: there was no address, or no readable facts
    NOT_ASKED = "not asked"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One recorded decision, made again."""

    record_id: int
    message_id: UUID | None
    at: datetime
    stage: str
    verdict: Verdict
    was: str
    now: str
    detail: str = ""
    #: its words were on file and were reviewed again
    words: bool = False


async def replay(
    connection: AsyncConnection, *, settings: Settings, message_id: UUID | None = None, since: datetime | None = None
) -> AsyncIterator[Replayed]:
    """Every recorded decision (of one message), in order, one at a time: memory stays flat."""
    async for record in _records(connection, message_id=message_id, since=since):
        yield _again(record, settings)


async def rehearse(
    connection: AsyncConnection, *, settings: Settings, since: datetime | None = None, on: date | None = None
) -> AsyncIterator[Replayed]:
    """Recorded facts under today's rules, whatever rules were in force; `on`: as if it all happened on or after that day.

    For `on` every date in the facts moves by the same whole weeks, so a law that binds later is already in force.
    """
    async for record in _records(connection, message_id=None, since=since):
        if record["facts"]:
            yield _rehearsed(record, settings, on)


async def _records(connection: AsyncConnection, **which: Any) -> AsyncIterator[Mapping[str, Any]]:
    result = await connection.stream(sa.text(_RECORDS).execution_options(yield_per=500), which)
    async for record in result.mappings():
        yield dict(record)


def _again(record: Mapping[str, Any], settings: Settings) -> Replayed:
    if _digest(record["facts"]) != record["facts_hash"]:
        return _result(record, Verdict.DIFFERENT, detail="the stored facts are not those whose hash was recorded")
    if not record["facts"]:
        asked = record["decision"] != "deny" or not HOUSE.issuperset(record["rules"])
        return _result(
            record,
            Verdict.DIFFERENT if asked else Verdict.NOT_ASKED,
            detail="it was decided without facts" if asked else "",
        )
    if (record["ruleset"], record["tz_version"]) != (compliance.ruleset_version(), compliance.tz_version()):
        return _result(
            record, Verdict.RULES_CHANGED, detail=f"rules {record['ruleset']}, time zones {record['tz_version']}"
        )
    facts = compliance.read(Facts, record["facts"])
    fresh = compliance.decide(facts)
    recorded = decided.decision_of(record)
    said, whole = _with_words(fresh, recorded)
    if whole != recorded:
        return _result(record, Verdict.DIFFERENT, fresh, detail=_differs(recorded, whole))
    if record["words_on_file"] and sorted(said) != (found := sorted(_review(record, facts, settings))):
        return _result(
            record, Verdict.DIFFERENT, fresh, detail=f"the words: recorded {said}, reviewed again {found}", words=True
        )
    return _result(record, Verdict.SAME, words=record["words_on_file"])


def _with_words(fresh: Decision, recorded: Decision) -> tuple[list[str], Decision]:
    """The rules that spoke against the words when it was recorded, and the whole answer if that was all that differed.

    Findings on the words stand before those of the rules and turn the answer into a denial.
    """
    said = recorded.findings[: max(len(recorded.findings) - len(fresh.findings), 0)]
    against = [found.rule for found in said if found.effect is Effect.DENY]
    if not said:
        return [], fresh
    rules = tuple(dict.fromkeys([*against, *fresh.rules]))
    whole = replace(fresh, decision=Effect.DENY, earliest_utc=None, findings=(*said, *fresh.findings), rules=rules)
    return against, whole


def _differs(was: Decision, fresh: Decision) -> str:
    pairs = [
        (name, getattr(was, name), getattr(fresh, name)) for name in ("decision", "earliest_utc", "rules", "findings")
    ]
    return "; ".join(f"{name} was {before}, is {after}" for name, before, after in pairs if before != after)


def _review(record: Mapping[str, Any], facts: Facts, settings: Settings) -> list[str]:
    words = decided.words_of(record, kind=facts.message.kind, settings=settings)
    return [found.rule for found in compliance.review(words, facts) if found.effect is Effect.DENY]


def _rehearsed(record: Mapping[str, Any], settings: Settings, on: date | None) -> Replayed:
    plain = record["facts"] if on is None else _moved(record["facts"], _weeks(record["at"].date(), on))
    facts = compliance.read(Facts, plain)
    fresh = compliance.decide(facts)
    against = _review(record, facts, settings) if record["words_on_file"] else []
    now, rules = (Effect.DENY, [*against, *fresh.rules]) if against else (fresh.decision, list(fresh.rules))
    same = now.value == record["decision"]
    return _result(
        record,
        Verdict.SAME if same else Verdict.DIFFERENT,
        detail="" if same else ", ".join(dict.fromkeys(rules or record["rules"])),
        words=record["words_on_file"],
        now=now.value,
    )


def _weeks(day: date, on: date) -> timedelta:
    """The whole weeks that bring `day` to `on` or just after it: weekdays stay what they are."""
    return timedelta(weeks=max(0, -((day - on).days // 7)))


_DAY = re.compile(r"\d{4}-\d\d-\d\d(T.*Z)?")


def _moved(value: Any, by: timedelta) -> Any:
    """Every date and instant in plain facts, later by `by`."""
    if isinstance(value, dict):
        return {key: _moved(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    if not (isinstance(value, str) and (found := _DAY.fullmatch(value))):
        return value
    if found[1] is None:
        return (date.fromisoformat(value) + by).isoformat()
    return (datetime.fromisoformat(value) + by).isoformat().replace("+00:00", "Z")


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def _result(
    record: Mapping[str, Any],
    verdict: Verdict,
    fresh: Decision | None = None,
    *,
    detail: str = "",
    words: bool = False,
    now: str = "",
) -> Replayed:
    return Replayed(
        record_id=record["id"],
        message_id=record["message_id"],
        at=record["at"],
        stage=record["stage"],
        verdict=verdict,
        was=record["decision"],
        now=now or (fresh.decision.value if fresh else record["decision"]),
        detail=detail,
        words=words,
    )
