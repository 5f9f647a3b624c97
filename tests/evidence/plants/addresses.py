"""Numbers and mailboxes used without a basis."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.evidence.scene import Scene, lawful, plant

#: A creditor's notice with everything it needs, over since September.
NOTICE = {
    "creditor_obtained_from_consumer": True, "creditor_used_for": "account", "consumer_asked_creditor_to_stop": False,
    "names_collector": True, "discloses_email_and_use": True, "discloses_third_party_may_see": True,
    "opt_out_method": "link", "notice_sent_on": "2026-08-01", "deadline": "2026-09-20",
}  # fmt: skip


@plant("basis")
async def stale_consent(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) - interval '61 days' where debtor_id = :who"
    )
    await s.sent()


@plant("basis")
async def stale_check(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) - interval '200 days', reassigned_result = 'not_reassigned',"
        " reassigned_checked_at = cast(:at as timestamptz) - interval '61 days' where debtor_id = :who"
    )
    await s.sent()


@plant("basis")
async def no_mail_basis(s: Scene) -> None:
    await s.sql("update contact_point set basis = 'none' where debtor_id = :who")
    await s.sent(medium="email")


@plant("basis")
async def notice_running(s: Scene) -> None:
    await _mailbox(s, "creditor_notice", **{**NOTICE, "notice_sent_on": "2026-09-01", "deadline": "2026-10-20"})
    await s.sent(medium="email")


@plant("basis")
async def consent_after_the_send(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) + interval '1 day' where debtor_id = :who"
    )
    await s.sent()


@plant("address")
async def wrong_party(s: Scene) -> None:
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 day' where debtor_id = :who"
    )
    await s.sent()


@plant("address")
async def told_of_the_debt_all_the_same(s: Scene) -> None:
    said = await s.heard(at=s.at - timedelta(minutes=1), text="Wrong number")
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 minute' where debtor_id = :who"
    )
    await s.sent(purpose="reply", in_reply_to=said, content='{"acknowledgement": true, "about_debt": true}')


@plant("employer")
async def employer(s: Scene) -> None:
    await _mailbox(s, "creditor_notice", employer=True, **NOTICE)
    await s.sent(medium="email")


@lawful
async def employer_by_an_earlier_collector(s: Scene) -> None:
    chain = [{"collector": "X", "obtained_via": "i", "used_email": True}]
    await _mailbox(s, "prior_collector", employer=True, chain=chain)
    await s.sent(medium="email")


@plant("basis")
async def a_chain_that_began_nowhere(s: Scene) -> None:
    await _mailbox(s, "prior_collector", chain=[{"collector": "X", "used_email": True}])
    await s.sent(medium="email")


@plant("basis")
async def a_notice_that_named_nobody(s: Scene) -> None:
    await _mailbox(s, "creditor_notice", **{**NOTICE, "names_collector": False})
    await s.sent(medium="email")


@lawful
async def a_notice_that_is_over(s: Scene) -> None:
    await _mailbox(s, "creditor_notice", **NOTICE)
    await s.sent(medium="email")


@plant("address")
async def given_to_somebody_else(s: Scene) -> None:
    await s.sql(
        "update contact_point set reassigned_result = 'reassigned', reassigned_checked_at = cast(:at as timestamptz) - interval '1 day'"
        " where debtor_id = :who and kind = 'phone'"
    )
    await s.sent()


@plant("volunteered")
async def new_york_to_an_employers_mailbox_they_wrote_from(s: Scene) -> None:
    await s.lives("NY", "12203")
    await s.heard(at=s.at - timedelta(days=2), medium="email")
    await s.sql("update contact_point set employer_provided = true where debtor_id = :who and kind = 'email'")
    await s.sent(medium="email")


@lawful
async def sorry_wrong_number(s: Scene) -> None:
    said = await s.heard(at=s.at - timedelta(minutes=1), text="Wrong number")
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 minute' where debtor_id = :who"
    )
    sorry = "Thank you for telling us. We removed this number. Reply STOP to opt out."
    await s.sent(
        purpose="reply", in_reply_to=said, text=sorry, content='{"acknowledgement": true, "about_debt": false}'
    )


@lawful
async def consent_replaced_since(s: Scene) -> None:
    await s.sent()
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) + interval '5 days' where debtor_id = :who"
    )
    await s.sql("alter table decision_record disable trigger insert_only")
    await s.sql(
        """update decision_record set facts = jsonb_build_object('phones', jsonb_build_array(jsonb_build_object('e164', '+16145550001',
        'sms_basis', jsonb_build_object('type', 'direct_consent', 'at', '2026-10-01T00:00:00Z'))))"""
    )


@plant("third_party_text")
async def texts_never_turned_on(s: Scene) -> None:
    await s.sql("update creditor set sms_allowed = false")
    await s.sent()


@plant("third_party_text")
async def texts_turned_off_before(s: Scene) -> None:
    await _turned(s, "turned off", days=2)
    await _turned(s, "carrier approved the sender", days=-2)
    await s.sent()


@plant("district_consent")
async def the_district_before_its_notice(s: Scene) -> None:
    await s.lives("DC", "20001", agreed=False)
    await s.sent()


@plant("city_consent")
async def the_city_without_consent(s: Scene) -> None:
    await s.lives("NY", "11201", agreed=False)
    await s.sent()


@plant("volunteered")
async def new_york_on_a_creditors_notice(s: Scene) -> None:
    await s.lives("NY", "12203")
    await _mailbox(s, "creditor_notice", **NOTICE)
    await s.sent(medium="email")


@plant("esign")
async def verification_by_mail_without_consent(s: Scene) -> None:
    await s.wish("papers", back=9, electronic=True)
    await s.wish("papers", back=2, electronic=False)
    await s.sent(medium="email", purpose="verification")


@lawful
async def verification_with_consent(s: Scene) -> None:
    await s.wish("papers", electronic=True)
    await s.sent(medium="email", purpose="verification")


@lawful
async def texts_turned_off_since(s: Scene) -> None:
    await s.sent()
    await s.sql("update creditor set sms_allowed = false")
    await _turned(s, "turned off", days=-2)


@lawful
async def the_city_before_its_rules(s: Scene) -> None:
    await s.lives("NY", "11201", agreed=False)
    await s.sql("update contact_point set basis_at = timestamptz '2026-08-20 12:00Z' where debtor_id = :who")
    await s.sent(at=s.at.replace(month=8, day=28))


@lawful
async def the_district_with_consent(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sent()


async def _mailbox(s: Scene, basis: str, *, employer: bool = False, **told: Any) -> None:
    """The basis of their mailbox, as a placement would have told it."""
    await s.sql(
        "update contact_point set basis = :basis, basis_facts = cast(:told as jsonb), employer_provided = :employer"
        " where debtor_id = :who and kind = 'email'",
        basis=basis,
        told=json.dumps(told),
        employer=employer,
    )


async def _turned(s: Scene, why: str, *, days: int) -> None:
    await s.sql(
        "insert into audit_entry (at, actor, action, subject, why) select cast(:at as timestamptz) - make_interval(days => :days),"
        " 'staff:1', 'creditor.sms', name, :why from creditor",
        why=why,
        days=days,
    )
