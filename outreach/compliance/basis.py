"""Whether an address may be written to under 12 CFR 1006.6(d)(4) and (5), as several rules ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from outreach.compliance import days, law
from outreach.compliance.facts import SmsBasis
from outreach.compliance.situation import Situation

FRESH = law.parameter("federal", "sms_basis_days")


def consumer_wrote(s: Situation) -> bool:
    """It is the one reply, or the consumer wrote to us from that very address, or asked for messages there."""
    return s.answers is not None or s.wrote_at is not None or s.wanted_again_at is not None


def texts_allowed(s: Situation) -> bool:
    """A basis for texts to this number stands at this instant (CV-05)."""
    if s.answers is not None:
        return True
    fresh = _fresh(s.today)
    if s.heard and any(when is not None and s.at - when <= fresh for when in (s.wrote_at, s.wanted_again_at)):
        return True
    given = s.phone and s.phone.sms_basis
    if not given or given.type not in ("consumer_text", "direct_consent") or given.at is None or given.at > s.at:
        return False
    return s.at - given.at <= fresh or _checked(s, given, fresh)


@lru_cache(maxsize=1024)
def _fresh(today: date) -> timedelta:
    return timedelta(days=FRESH.on(today))


def _checked(s: Situation, given: SmsBasis, fresh: timedelta) -> bool:
    """A clean answer within the period, about the whole time since the basis."""
    check = given.reassigned_check
    if check is None or given.at is None or check.result != "not_reassigned" or check.at is None or check.at > s.at:
        return False
    return s.at - check.at <= fresh and check.as_of is not None and _day(check.as_of, s) <= _day(given.at, s)


def _day(when: datetime | date, s: Situation) -> date:
    if not isinstance(when, datetime):
        return when
    return max(days.local(when, name).date() for name in s.calendar)
