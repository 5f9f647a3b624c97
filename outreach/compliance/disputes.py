"""Which disputes and requests hold a debt (12 CFR 1006.38), as several rules ask."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance import days
from outreach.compliance.facts import Debt, Dispute, Verification
from outreach.compliance.situation import Situation


def in_period(s: Situation, debt: Debt, at: datetime | None) -> bool:
    """Whether an instant lies in the validation period, last local day included.

    Not ended where the information was not provided or came back. An unknown instant counts as inside.
    """
    notice = debt.validation
    if at is None or notice is None or notice.provided_at is None:
        return True
    if notice.undeliverable_at is not None or notice.provided_at > s.at:
        return True
    least = days.period_end(days.local(notice.provided_at, sorted(s.calendar)[0]).date())
    end = max(notice.period_end or least, least)
    return min(days.local(at, name).date() for name in s.calendar) <= end


def provided(s: Situation, debt: Debt) -> bool:
    """Whether the validation information was provided and, as far as known now, did not come back."""
    notice = debt.validation
    if notice is None or notice.provided_at is None or notice.provided_at > s.at:
        return False
    return notice.undeliverable_at is None or notice.undeliverable_at > s.at


def timely(s: Situation, debt: Debt) -> list[Dispute]:
    """Disputes made in writing within the validation period, up to now."""
    accepted = ("mail", *s.facts.collector.accepts_inbound)
    return [
        d
        for d in debt.disputes
        if (d.received_at is None or d.received_at <= s.at)
        and d.in_writing
        and d.via in accepted
        and in_period(s, debt, d.received_at)
    ]


def open_ones(s: Situation, debt: Debt) -> list[Dispute]:
    """Timely disputes nothing has released yet."""
    known = {dispute.id: dispute for dispute in debt.disputes}
    return [d for d in timely(s, debt) if not verified(s, d.verification) and not _duplicate_answered(s, d, known)]


def delivered(s: Situation, sent: Verification | None) -> bool:
    """A copy of verification went out and did not come back, as far as known now."""
    if sent is None or sent.sent_at is None or sent.sent_at > s.at:
        return False
    return sent.undeliverable_at is None or sent.undeliverable_at > s.at


def verified(s: Situation, sent: Verification | None) -> bool:
    """Delivered, and lawfully: electronically only with E-SIGN consent (12 CFR 1006.42)."""
    lawful = sent is not None and (sent.method != "email" or sent.esign_consent is True)
    return lawful and delivered(s, sent)


def _duplicate_answered(s: Situation, dispute: Dispute, known: dict[str, Dispute]) -> bool:
    """A true duplicate, answered by a notice with reasons that refers to the earlier response."""
    claim = dispute.duplicative
    earlier = known.get(claim.same_as) if claim else None
    if (
        claim is None
        or earlier is None
        or claim.new_material_information is not False
        or not verified(s, earlier.verification)
    ):
        return False
    noticed = claim.notice_sent_at is not None and claim.notice_sent_at <= s.at
    return noticed and claim.notice_has_reasons and claim.notice_refers_to_earlier
