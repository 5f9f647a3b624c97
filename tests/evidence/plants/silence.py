"""Refusals, holds and disputes."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests import cast
from tests.evidence import ledger
from tests.evidence.scene import Scene, lawful, plant


@plant("opt_out")
async def after_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(hours=1))
    await s.sent()


@plant("opt_out")
async def after_electronic_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(hours=1), scope="all_electronic", medium=None)
    await s.sent(medium="email")


@plant("opt_out")
async def address_refused_by_another(s: Scene) -> None:
    other = await cast.person(
        s.session, now=s.at, n=2, creditor_id=await cast.creditor(s.session, now=s.at, name="Other")
    )
    await Scene(s.session, other, s.at).refuse(at=s.at - timedelta(days=9), scope="address", address="+16145550001")
    await s.sent()


@plant("opt_out")
async def a_codebtors_stop_from_the_same_number(s: Scene) -> None:
    await (await _codebtor(s)).refuse(at=s.at - timedelta(hours=1), address="+16145550001")
    await s.sent()


@lawful
async def a_codebtors_stop_from_another_number(s: Scene) -> None:
    await (await _codebtor(s)).refuse(at=s.at - timedelta(hours=1), address="+16145550002")
    await s.sent()


@lawful
async def a_codebtors_stop_taken_back(s: Scene) -> None:
    other = await _codebtor(s)
    await other.refuse(at=s.at - timedelta(days=3), address="+16145550001")
    await other.refuse(at=s.at - timedelta(days=2), kind="grant")
    await s.sent()


@plant("opt_out")
async def answer_to_the_stop_itself(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=1), text="STOP")
    await s.refuse(at=s.at - timedelta(minutes=1), message_id=stop)
    await s.sent(purpose="reply", in_reply_to=stop)


@plant("confirmation")
async def late_confirmation(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=6), text="STOP")
    await s.sent(purpose="opt_out_confirmation", in_reply_to=stop, text="You are opted out.")


@plant("hold")
async def attorney(s: Scene) -> None:
    await s.hold("attorney")
    await s.sent(staff_id=None)


@plant("hold")
async def by_hand_despite_cease(s: Scene) -> None:
    staff = await ledger.run(
        s.session,
        "insert into staff (email, name, role, created_at) values ('a@b.example', 'A', 'case_manager', :at) returning id",
        at=s.at,
    )
    await s.hold("cease")
    await s.sent(staff_id=staff.scalar_one())


@plant("hold")
async def wordy_answer_under_bankruptcy(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=2))
    await s.hold("bankruptcy")
    await s.sent(purpose="reply", in_reply_to=asked)


@plant("hold")
async def reminder_under_plan(s: Scene) -> None:
    await s.hold("plan")
    await s.sent()


@plant("released_late")
async def a_hold_dated_back(s: Scene) -> None:
    await s.hold("attorney", days=5, until=s.at - timedelta(hours=1))
    await _released(s, at=s.at + timedelta(hours=1))
    await s.sent()


@lawful
async def a_hold_released_before(s: Scene) -> None:
    await s.hold("attorney", days=5, until=s.at - timedelta(hours=1))
    await _released(s, at=s.at - timedelta(hours=1))
    await s.sent()


@lawful
async def a_hold_that_ran_out_and_another_released_since(s: Scene) -> None:
    await s.hold("attorney", days=5, until=s.at - timedelta(days=1))
    await s.sent()
    await s.hold("attorney", days=-1, until=s.at + timedelta(days=2))
    await _released(s, at=s.at + timedelta(days=2))


@plant("codebtor")
async def beside_an_open_chapter_13(s: Scene) -> None:
    await s.sql(
        """update debtor set law_facts = '{"codebtor_case": {"chapter": 13, "status": "open"}}' where id = :who"""
    )
    await s.sent()


@plant("unheard")
async def a_lawyer_nobody_recorded(s: Scene) -> None:
    await s.heard(at=s.at - timedelta(days=1), text="Please, I have a lawyer for this")
    await s.sent()


@plant("unheard")
async def a_dispute_in_spanish_nobody_recorded(s: Scene) -> None:
    await s.heard(at=s.at - timedelta(days=1), text="Esta no es mi deuda")
    await s.sent()


@lawful
async def a_lawyer_recorded_and_gone(s: Scene) -> None:
    await s.heard(at=s.at - timedelta(days=5), text="I have a lawyer for this")
    await s.hold("attorney", days=5, until=s.at - timedelta(days=1))
    await s.sent()


@plant("disputed_part")
async def the_whole_is_asked_for(s: Scene) -> None:
    await _disputed_part(s, 200)
    await s.sent()


@plant("disputed_part")
async def more_than_the_rest_is_asked_for(s: Scene) -> None:
    await _disputed_part(s, 200)
    await s.sent(text=f"$300.01 is open. {ledger.WORDS}")


@plant("disputed_part")
async def of_a_part_of_unknown_size(s: Scene) -> None:
    await _disputed_part(s, None)
    await s.sent(text=f"$1.00 is open. {ledger.WORDS}")


@lawful
async def the_rest_is_asked_for(s: Scene) -> None:
    await _disputed_part(s, 200)
    await s.sent(text=f"$300.00 is open. {ledger.WORDS}")


@lawful
async def a_part_verified_since(s: Scene) -> None:
    await _disputed_part(s, 200)
    await s.sql(
        "update dispute set status = 'answered', answered_at = cast(:at as timestamptz) - interval '1 hour' where debtor_id = :who"
    )
    await s.sent()


@plant("dispute")
async def disputed(s: Scene) -> None:
    await s.sql(
        "insert into dispute (account_id, debtor_id, via, received_at) select id, debtor_id, 'sms',"
        " cast(:at as timestamptz) - interval '1 day'"
        " from account where debtor_id = :who"
    )
    await s.sent()


@lawful
async def confirmed_stop(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=1), text="STOP")
    await s.refuse(at=s.at - timedelta(minutes=1), message_id=stop)
    await s.sent(purpose="opt_out_confirmation", in_reply_to=stop, text="You are opted out.")


@lawful
async def wrote_again_after_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=3))
    await s.sent(purpose="reply", in_reply_to=await s.heard(at=s.at - timedelta(minutes=1)))


@lawful
async def started_again(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=3))
    await s.refuse(at=s.at - timedelta(days=2), kind="grant")
    await s.sent()


@lawful
async def hold_over(s: Scene) -> None:
    await s.hold("attorney", days=5, until=s.at - timedelta(hours=1))
    await s.sent()


@lawful
async def acknowledged(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=1), text="I have a lawyer")
    await s.hold("attorney", days=0.001)
    await s.sent(purpose="reply", in_reply_to=asked, content='{"acknowledgement": true}')


@plant("stop_unheard")
async def a_stop_nobody_recorded(s: Scene) -> None:
    await s.heard(at=s.at - timedelta(days=1), text=" Stop. ")
    await s.sent()


@plant("minor")
async def seventeen(s: Scene) -> None:
    await s.sql("update debtor set date_of_birth = date '2008-10-15' where id = :who")
    await s.sent()


@plant("breathing_space")
async def during_a_moratorium(s: Scene) -> None:
    space = '{"breathing_space": {"starts_on": "2026-10-01", "ends_on": "2026-10-14"}}'
    await s.sql("update debtor set law_facts = cast(:space as jsonb) where id = :who", space=space)
    await s.sent()


@plant("nothing_owed")
async def paid_before_it_left(s: Scene) -> None:
    await _ledger(s, 500, days=30)
    await _ledger(s, -500, days=1)
    await s.sent()


@plant("unvalidated")
async def no_notice_after_five_days(s: Scene) -> None:
    await s.account(
        "initial_communication_at = cast(:at as timestamptz) - interval '6 days', validation_provided_at = null"
    )
    await s.sent()


@plant("unvalidated")
async def a_notice_that_came_back(s: Scene) -> None:
    await s.account("validation_undeliverable_at = cast(:at as timestamptz) - interval '1 day'")
    await s.sent()


@plant("dispute")
async def verification_that_came_back(s: Scene) -> None:
    await _answered(s, undeliverable=s.at - timedelta(hours=1))
    await s.sent()


@lawful
async def a_promise_that_holds_the_word(s: Scene) -> None:
    await s.heard(at=s.at - timedelta(days=1), text="I will pay at the end of the month")
    await s.sent()


@lawful
async def eighteen_today(s: Scene) -> None:
    await s.sql("update debtor set date_of_birth = date '2008-10-14' where id = :who")
    await s.sent()


@lawful
async def after_a_moratorium(s: Scene) -> None:
    space = '{"breathing_space": {"starts_on": "2026-08-01", "ends_on": "2026-10-13"}}'
    await s.sql("update debtor set law_facts = cast(:space as jsonb) where id = :who", space=space)
    await s.sent()


@lawful
async def paid_after_it_left(s: Scene) -> None:
    await _ledger(s, 500, days=30)
    await _ledger(s, -500, days=-1)
    await s.sent()


@lawful
async def within_five_days(s: Scene) -> None:
    await s.account(
        "initial_communication_at = cast(:at as timestamptz) - interval '4 days', validation_provided_at = null"
    )
    await s.sent()


@lawful
async def verified_since(s: Scene) -> None:
    await _answered(s, undeliverable=None)
    await s.sent()


async def _codebtor(s: Scene) -> Scene:
    other = await cast.creditor(s.session, now=s.at, name="Other")
    return Scene(s.session, await cast.person(s.session, now=s.at, n=2, creditor_id=other), s.at)


async def _released(s: Scene, *, at: datetime) -> None:
    released = {"actor": "staff:1", "action": "release", "debtor_id": s.who, "subject": "attorney", "why": "it is over"}
    await ledger.insert(s.session, "audit_entry", at=at, **released)


async def _disputed_part(s: Scene, dollars: int | None) -> None:
    """So much of $500."""
    await _ledger(s, 50_000, days=30)
    await s.sql(
        "insert into dispute (account_id, debtor_id, via, received_at, scope, amount_cents) select id, debtor_id, 'mail',"
        " cast(:at as timestamptz) - interval '9 days', 'portion', cast(:cents as bigint) from account where debtor_id = :who",
        cents=None if dollars is None else dollars * 100,
    )


async def _ledger(s: Scene, cents: int, *, days: int) -> None:
    await s.sql(
        "insert into ledger_entry (account_id, at, kind, amount_cents) select id, cast(:at as timestamptz) - make_interval(days => :days),"
        " case when :cents > 0 then 'principal' else 'payment' end, :cents from account where debtor_id = :who",
        cents=cents,
        days=days,
    )


async def _answered(s: Scene, *, undeliverable: datetime | None) -> None:
    await s.sql(
        "insert into dispute (account_id, debtor_id, via, received_at, status, answered_at, answer_undeliverable_at)"
        " select id, debtor_id, 'mail', cast(:at as timestamptz) - interval '9 days', 'answered',"
        " cast(:at as timestamptz) - interval '3 days', :undeliverable from account where debtor_id = :who",
        undeliverable=undeliverable,
    )
