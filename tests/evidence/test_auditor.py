"""The independent auditor finds each kind of violation when it is planted, names it, and says nothing of a clean ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.reports import auditor
from outreach.settings import Settings
from tests import cast
from tests.evidence import ledger

AUTUMN = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)  # a Wednesday, 11:00 Eastern, 08:00 Pacific


@dataclass
class Scene:
    session: AsyncSession
    who: int
    at: datetime

    async def sent(self, *, at: datetime | None = None, **columns: Any) -> Any:
        return await ledger.sent(self.session, at=at or self.at, debtor_id=self.who, **columns)

    async def heard(self, *, at: datetime, **columns: Any) -> Any:
        return await ledger.heard(self.session, at=at, debtor_id=self.who, **columns)

    async def sql(self, statement: str, **values: Any) -> None:
        await ledger.run(self.session, statement, who=self.who, at=self.at, **values)

    async def hold(self, reason: str, *, days: float = 1, until: datetime | None = None) -> None:
        await ledger.insert(
            self.session, "hold", debtor_id=self.who, reason=reason, since=self.at - timedelta(days=days), until=until
        )

    async def refuse(self, *, at: datetime, scope: str = "medium", kind: str = "refusal", **columns: Any) -> None:
        values = {"medium": "sms", "via": "inbound message", **columns}
        await ledger.insert(self.session, "consent", debtor_id=self.who, kind=kind, scope=scope, at=at, **values)


async def found(scene: Scene, **settings: Any) -> list[str]:
    values = Settings(_env_file=None, company_licences="CA:10101-99", **settings)
    connection = await scene.session.connection()
    return sorted({v.check async for v in auditor.audit_sends(connection, settings=values)})


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    who = await cast.person(session, now=AUTUMN - timedelta(days=30))
    return Scene(session, who, AUTUMN)


Play = Callable[[Scene], Awaitable[Any]]


# Each plants one kind of violation; the name is the check that has to find it.
async def _night(s: Scene) -> None:
    await s.sent(at=s.at.replace(hour=11, minute=59))  # 07:59 Eastern


async def _nine_sharp(s: Scene) -> None:
    await s.sent(at=datetime(2026, 10, 15, 1, 0, tzinfo=UTC))  # 21:00:00 Eastern: closed (CV-01)


async def _winter_time(s: Scene) -> None:
    await s.sent(at=datetime(2026, 11, 2, 12, 30, tzinfo=UTC))  # 07:30 the day after the clocks went back


async def _number_elsewhere(s: Scene) -> None:
    await s.sql("update contact_point set area_code = '415' where debtor_id = :who and kind = 'phone'")
    await s.sent(at=s.at.replace(hour=14))  # 10:00 in Ohio, 07:00 where the number is from


async def _stated_elsewhere(s: Scene) -> None:
    await s.sql("update debtor set stated_timezone = 'Pacific/Honolulu', stated_timezone_at = :at where id = :who")
    await s.sent(at=s.at + timedelta(minutes=1))


async def _unlocated(s: Scene) -> None:
    await s.sql("update debtor set zip = null, state = null where id = :who")
    await s.sql("update contact_point set area_code = null where debtor_id = :who")
    await s.sent()


async def _after_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(hours=1))
    await s.sent()


async def _after_electronic_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(hours=1), scope="all_electronic", medium=None)
    await s.sent(medium="email")


async def _address_refused_by_another(s: Scene) -> None:
    other = await cast.person(
        s.session, now=s.at, n=2, creditor_id=await cast.creditor(s.session, now=s.at, name="Other")
    )
    await Scene(s.session, other, s.at).refuse(at=s.at - timedelta(days=9), scope="address", address="+16145550001")
    await s.sent()


async def _answer_to_the_stop_itself(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=1), text="STOP")
    await s.refuse(at=s.at - timedelta(minutes=1), message_id=stop)
    await s.sent(purpose="reply", in_reply_to=stop)


async def _late_confirmation(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=6), text="STOP")
    await s.sent(purpose="opt_out_confirmation", in_reply_to=stop, text="You are opted out.")


async def _attorney(s: Scene) -> None:
    await s.hold("attorney")
    await s.sent(staff_id=None)


async def _by_hand_despite_cease(s: Scene) -> None:
    staff = await ledger.run(
        s.session,
        "insert into staff (email, name, role, created_at) values ('a@b.example', 'A', 'case_manager', :at) returning id",
        at=s.at,
    )
    await s.hold("cease")
    await s.sent(staff_id=staff.scalar_one())


async def _wordy_answer_under_bankruptcy(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=2))
    await s.hold("bankruptcy")
    await s.sent(purpose="reply", in_reply_to=asked)


async def _reminder_under_plan(s: Scene) -> None:
    await s.hold("plan")
    await s.sent()


async def _disputed(s: Scene) -> None:
    await s.sql(
        "insert into dispute (account_id, debtor_id, via, received_at) select id, debtor_id, 'sms',"
        " cast(:at as timestamptz) - interval '1 day'"
        " from account where debtor_id = :who"
    )
    await s.sent()


async def _stale_consent(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) - interval '61 days' where debtor_id = :who"
    )
    await s.sent()


async def _stale_check(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) - interval '200 days', reassigned_result = 'not_reassigned',"
        " reassigned_checked_at = cast(:at as timestamptz) - interval '61 days' where debtor_id = :who"
    )
    await s.sent()


async def _no_mail_basis(s: Scene) -> None:
    await s.sql("update contact_point set basis = 'none' where debtor_id = :who")
    await s.sent(medium="email")


async def _notice_running(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis = 'creditor_notice', basis_facts = jsonb_build_object('notice_sent_on', '2026-09-01',"
        " 'deadline', '2026-10-20') where debtor_id = :who and kind = 'email'"
    )
    await s.sent(medium="email")


async def _consent_after_the_send(s: Scene) -> None:
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) + interval '1 day' where debtor_id = :who"
    )
    await s.sent()


async def _wrong_party(s: Scene) -> None:
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 day' where debtor_id = :who"
    )
    await s.sent()


async def _told_of_the_debt_all_the_same(s: Scene) -> None:
    said = await s.heard(at=s.at - timedelta(minutes=1), text="Wrong number")
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 minute' where debtor_id = :who"
    )
    await s.sent(purpose="reply", in_reply_to=said, content='{"acknowledgement": true, "about_debt": true}')


async def _employer(s: Scene) -> None:
    await s.sql(
        "update contact_point set employer_provided = true, basis = 'prior_collector',"
        """ basis_facts = '{"chain": [{"collector": "X", "used_email": true}]}' where debtor_id = :who and kind = 'email'"""
    )
    await s.sent(medium="email")


async def _days(s: Scene, *days: int, **columns: Any) -> None:
    for back in days:
        await s.sent(at=s.at - timedelta(days=back), **columns)


async def _two_a_day(s: Scene) -> None:
    await s.sent(at=s.at + timedelta(hours=3))
    await s.sent(medium="email")


async def _four_a_week(s: Scene) -> None:
    await _days(s, 6, 4, 2, 0)


def _in(state: str, code: str) -> str:
    return f"update debtor set state = '{state}', zip = '{code}' where id = :who"


async def _massachusetts(s: Scene) -> None:
    await s.sql(_in("MA", "02139"))
    await _days(s, 6, 3, 0)


async def _massachusetts_call(s: Scene) -> None:
    await s.sql(_in("MA", "02139"))
    call = await s.sent(at=s.at - timedelta(days=2), medium="sms")
    await s.sql("delete from attempt where message_id = :id", id=call)
    await s.sql(
        """update message set medium = 'voice', content = '{"outcome": "call_unanswered"}' where id = :id""", id=call
    )
    await _days(s, 3, 0)


async def _district(s: Scene) -> None:
    await s.sql(_in("DC", "20001"))
    await _days(s, 6, 5, 4, 3, 2, 0, medium="email")


async def _new_york_city(s: Scene) -> None:
    await s.sql(_in("NY", "11201"))
    await _days(s, 6, 5, 4, 0, medium="email")


async def _washington(s: Scene) -> None:
    await s.sql(_in("WA", "98101"))
    await s.sql("update contact_point set area_code = '206' where debtor_id = :who and kind = 'phone'")
    await _days(s, 6, 5, 4, 0, medium="email")


async def _district_by_eastern_time(s: Scene) -> None:
    await s.sql("update debtor set state = 'DC', zip = '20001', stated_timezone = 'Pacific/Honolulu' where id = :who")
    await s.sent(at=datetime(2026, 10, 15, 1, 30, tzinfo=UTC))  # 21:30 in Washington, 15:30 in Honolulu


async def _answered_twice(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=5))
    await s.sql("drop index uq_message_answer")
    for minute in (0, 1):
        await s.sent(at=s.at + timedelta(minutes=minute), purpose="reply", in_reply_to=asked)


async def _no_stop_line(s: Scene) -> None:
    await s.sent(text=ledger.WORDS.replace("Reply STOP to opt out.", ""))


async def _no_disclosure(s: Scene) -> None:
    await s.sent(text="Please call us. License no. 10101-99. Reply STOP to opt out.")


async def _english_disclosure_in_spanish(s: Scene) -> None:
    await s.sent(text=ledger.WORDS, language="es")


async def _short_disclosure_first(s: Scene) -> None:
    await s.sql("update account set initial_communication_at = null where debtor_id = :who")
    await s.sent(text="This is from a debt collector. Reply STOP to opt out.")


async def _california(s: Scene) -> None:
    await s.sql(_in("CA", "94110"))
    await s.sql("update contact_point set area_code = '415' where debtor_id = :who and kind = 'phone'")
    await s.sent(at=s.at + timedelta(hours=2), text=ledger.WORDS.replace("License no. 10101-99.", ""))


async def _twice(s: Scene) -> None:
    message = await s.sent()
    await ledger.attempt(s.session, message_id=message, at=s.at + timedelta(minutes=1), number=2)


async def _undecided(s: Scene) -> None:
    await s.sent(decided=False)


async def _decided_only_later(s: Scene) -> None:
    message = await s.sent(decided=False)
    await ledger.decision(s.session, message_id=message, debtor_id=s.who, at=s.at + timedelta(minutes=1))


async def _altered(s: Scene) -> None:
    message = await s.sent()
    await s.sql("update message set text = replace(text, 'Harbor Point', 'Somebody') where id = :id", id=message)


PLANTS: list[tuple[str, Play]] = [
    ("hours", _night),
    ("hours", _nine_sharp),
    ("hours", _winter_time),
    ("hours", _number_elsewhere),
    ("hours", _stated_elsewhere),
    ("district_hours", _district_by_eastern_time),
    ("no_zone", _unlocated),
    ("opt_out", _after_stop),
    ("opt_out", _after_electronic_stop),
    ("opt_out", _address_refused_by_another),
    ("opt_out", _answer_to_the_stop_itself),
    ("confirmation", _late_confirmation),
    ("hold", _attorney),
    ("hold", _by_hand_despite_cease),
    ("hold", _wordy_answer_under_bankruptcy),
    ("hold", _reminder_under_plan),
    ("dispute", _disputed),
    ("basis", _stale_consent),
    ("basis", _stale_check),
    ("basis", _no_mail_basis),
    ("basis", _notice_running),
    ("basis", _consent_after_the_send),
    ("address", _wrong_party),
    ("address", _told_of_the_debt_all_the_same),
    ("employer", _employer),
    ("cap", _two_a_day),
    ("cap", _four_a_week),
    ("cap", _massachusetts),
    ("cap", _massachusetts_call),
    ("answered_twice", _answered_twice),
    ("stop_line", _no_stop_line),
    ("disclosure", _no_disclosure),
    ("disclosure", _english_disclosure_in_spanish),
    ("first_disclosure", _short_disclosure_first),
    ("licence", _california),
    ("twice", _twice),
    ("undecided", _undecided),
    ("undecided", _decided_only_later),
    ("altered", _altered),
]


@pytest.mark.parametrize(("check", "plant"), PLANTS, ids=[f"{c}-{p.__name__.strip('_')}" for c, p in PLANTS])
async def test_a_planted_violation_is_found_and_nothing_else(scene: Scene, check: str, plant: Play) -> None:
    await plant(scene)
    assert await found(scene) == [check]


@pytest.mark.parametrize(
    ("law", "plant"),
    [
        ("massachusetts", _massachusetts),
        ("district_of_columbia", _district),
        ("new_york_city", _new_york_city),
        ("washington", _washington),
    ],
)
async def test_a_state_or_city_cap_is_found_when_our_own_is_off(scene: Scene, law: str, plant: Play) -> None:
    await plant(scene)
    connection = await scene.session.connection()
    off = Settings(_env_file=None, contact_cap_day=0, contact_cap_week=0)
    details = [v.detail async for v in auditor.audit_sends(connection, settings=off)]
    assert len(details) == 1
    assert details[0].startswith(law)


def test_every_check_has_a_planted_violation() -> None:
    assert set(auditor.checks()) == {check for check, _ in PLANTS}


# What looks like a violation and is none.
async def _ordinary(s: Scene) -> None:
    await s.sent()


async def _answer_at_night(s: Scene) -> None:
    night = s.at.replace(hour=6)
    await s.sent(at=night, purpose="reply", in_reply_to=await s.heard(at=night - timedelta(minutes=1)))


async def _confirmed_stop(s: Scene) -> None:
    stop = await s.heard(at=s.at - timedelta(minutes=1), text="STOP")
    await s.refuse(at=s.at - timedelta(minutes=1), message_id=stop)
    await s.sent(purpose="opt_out_confirmation", in_reply_to=stop, text="You are opted out.")


async def _wrote_again_after_stop(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=3))
    await s.sent(purpose="reply", in_reply_to=await s.heard(at=s.at - timedelta(minutes=1)))


async def _started_again(s: Scene) -> None:
    await s.refuse(at=s.at - timedelta(days=3))
    await s.refuse(at=s.at - timedelta(days=2), kind="grant")
    await s.sent()


async def _hold_over(s: Scene) -> None:
    await s.hold("attorney", days=5, until=s.at - timedelta(hours=1))
    await s.sent()


async def _acknowledged(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=1), text="I have a lawyer")
    await s.hold("attorney", days=0.001)
    await s.sent(purpose="reply", in_reply_to=asked, content='{"acknowledgement": true}')


async def _sorry_wrong_number(s: Scene) -> None:
    said = await s.heard(at=s.at - timedelta(minutes=1), text="Wrong number")
    await s.sql(
        "update contact_point set disclosure_reported_at = cast(:at as timestamptz) - interval '1 minute' where debtor_id = :who"
    )
    sorry = "Thank you for telling us. We removed this number. Reply STOP to opt out."
    await s.sent(
        purpose="reply", in_reply_to=said, text=sorry, content='{"acknowledgement": true, "about_debt": false}'
    )


async def _first_party_late(s: Scene) -> None:
    await s.sql("update creditor set relationship = 'first_party'")
    await s.sent(at=s.at.replace(hour=11, minute=30), text="From your creditor.")


async def _three_in_a_week(s: Scene) -> None:
    await _days(s, 7, 6, 3, 0)


async def _not_connected(s: Scene) -> None:
    await s.sent(at=s.at.replace(hour=6))
    await s.sql("update attempt set outcome = 'rejected'")


async def _consent_replaced_since(s: Scene) -> None:
    await s.sent()
    await s.sql(
        "update contact_point set basis_at = cast(:at as timestamptz) + interval '5 days' where debtor_id = :who"
    )
    await s.sql("alter table decision_record disable trigger insert_only")
    await s.sql(
        """update decision_record set facts = jsonb_build_object('phones', jsonb_build_array(jsonb_build_object('e164', '+16145550001',
        'sms_basis', jsonb_build_object('type', 'direct_consent', 'at', '2026-10-01T00:00:00Z'))))"""
    )


CLEAN: list[Play] = [
    _ordinary, _answer_at_night, _confirmed_stop, _wrote_again_after_stop, _started_again, _hold_over, _acknowledged, _sorry_wrong_number,
    _first_party_late, _three_in_a_week, _not_connected, _consent_replaced_since,
]  # fmt: skip


@pytest.mark.parametrize("play", CLEAN, ids=[p.__name__.strip("_") for p in CLEAN])
async def test_what_the_law_lets_pass_is_not_reported(scene: Scene, play: Play) -> None:
    await play(scene)
    assert await found(scene) == []
