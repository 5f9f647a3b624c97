"""When and where messages may not leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.evidence.scene import Scene, lawful, plant


@plant("hours")
async def night(s: Scene) -> None:
    await s.sent(at=s.at.replace(hour=11, minute=59))  # 07:59 Eastern


@plant("hours")
async def nine_sharp(s: Scene) -> None:
    await s.sent(at=datetime(2026, 10, 15, 1, 0, tzinfo=UTC))  # 21:00:00 Eastern: closed (CV-01)


@plant("hours")
async def winter_time(s: Scene) -> None:
    await s.sent(at=datetime(2026, 11, 2, 12, 30, tzinfo=UTC))  # 07:30 the day after the clocks went back


@plant("hours")
async def number_elsewhere(s: Scene) -> None:
    await s.sql("update contact_point set area_code = '415' where debtor_id = :who and kind = 'phone'")
    await s.sent(at=s.at.replace(hour=14))  # 10:00 in Ohio, 07:00 where the number is from


@plant("hours")
async def stated_elsewhere(s: Scene) -> None:
    await s.sql("update debtor set stated_timezone = 'Pacific/Honolulu', stated_timezone_at = :at where id = :who")
    await s.sent(at=s.at + timedelta(minutes=1))


@plant("district_hours")
async def district_by_eastern_time(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sql("update debtor set stated_timezone = 'Pacific/Honolulu' where id = :who")
    await s.sent(at=datetime(2026, 10, 15, 1, 30, tzinfo=UTC))  # 21:30 in Washington, 15:30 in Honolulu


@plant("no_zone")
async def unlocated(s: Scene) -> None:
    await s.sql("update debtor set zip = null, state = null where id = :who")
    await s.sql("update contact_point set area_code = null where debtor_id = :who")
    await s.sent()


@lawful
async def answer_at_night(s: Scene) -> None:
    night = s.at.replace(hour=6)
    await s.sent(at=night, purpose="reply", in_reply_to=await s.heard(at=night - timedelta(minutes=1)))


@lawful
async def first_party_late(s: Scene) -> None:
    await s.sql("update creditor set relationship = 'first_party'")
    await s.sent(at=s.at.replace(hour=11, minute=30), text="From your creditor.")


@plant("wished_time")
async def in_a_quiet_window(s: Scene) -> None:
    await s.wish("quiet_window", window="09:00-12:00", days="wed")
    await s.sent()


@plant("wished_time")
async def on_a_day_said_earlier(s: Scene) -> None:
    await s.wish("quiet_window", window="17:00-19:00", more=[{"window": "", "days": "tue,wed"}])
    await s.sent()


@plant("wished_time")
async def outside_the_only_hours_wanted(s: Scene) -> None:
    await s.wish("time_window", window="17:00-20:00")
    await s.sent()


@plant("wished_time")
async def on_another_day_than_wanted(s: Scene) -> None:
    await s.wish("time_window", window="", days="sat")
    await s.sent()


@plant("wished_time")
async def after_midnight_of_a_quiet_night(s: Scene) -> None:
    await s.wish("quiet_window", window="20:00-11:30", days="tue")
    await s.sent()


@plant("wished_time")
async def quiet_where_the_number_is_from(s: Scene) -> None:
    await s.sql("update contact_point set area_code = '415' where debtor_id = :who and kind = 'phone'")
    await s.wish("quiet_window", window="08:00-10:00")
    await s.sent(at=s.at.replace(hour=16))  # 12:00 in Ohio, 09:00 in California


@plant("place")
async def at_home_by_landline(s: Scene) -> None:
    await s.wish("place", place="home")
    await s.sql("update contact_point set line = 'landline' where debtor_id = :who and kind = 'phone'")
    await s.sent()


@plant("place")
async def at_home_by_letter(s: Scene) -> None:
    await s.wish("place", place="home")
    await s.called(channel="mail", outcome="")


@lawful
async def a_mobile_is_no_home(s: Scene) -> None:
    await s.wish("place", place="home")
    await s.sent()


@lawful
async def beside_quiet_hours(s: Scene) -> None:
    await s.wish("quiet_window", window="09:00-10:59")
    await s.wish("time_window", window="11:00-12:00", days="wed")
    await s.sent()


@lawful
async def a_wish_replaced(s: Scene) -> None:
    await s.wish("quiet_window", back=3, window="09:00-12:00")
    await s.wish("quiet_window", back=1, window="13:00-14:00")
    await s.sent()


@lawful
async def a_wish_that_ran_out(s: Scene) -> None:
    await s.wish("quiet_window", back=3, window="09:00-12:00", until=s.at - timedelta(hours=1))
    await s.sent()


@lawful
async def an_answer_in_quiet_hours(s: Scene) -> None:
    await s.wish("quiet_window", window="09:00-12:00")
    await s.sent(purpose="reply", in_reply_to=await s.heard(at=s.at - timedelta(minutes=1)))


@plant("hours")
async def a_creditors_own_text_at_night_in_massachusetts(s: Scene) -> None:
    await s.lives("MA", "02108", area="617")
    await s.sql("update creditor set relationship = 'first_party'")
    await s.sent(at=s.at.replace(hour=2))
