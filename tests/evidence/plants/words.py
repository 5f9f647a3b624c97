"""Words that have to stand in a message, or must not."""

from __future__ import annotations

from datetime import timedelta

from tests.evidence import ledger
from tests.evidence.scene import Scene, lawful, plant


@plant("stop_line")
async def no_stop_line(s: Scene) -> None:
    await s.sent(text=ledger.WORDS.replace("Reply STOP to opt out.", ""))


@plant("disclosure")
async def no_disclosure(s: Scene) -> None:
    await s.sent(text="Please call us. License no. 10101-99. Reply STOP to opt out.")


@plant("disclosure")
async def english_disclosure_in_spanish(s: Scene) -> None:
    await s.sent(text=ledger.WORDS, language="es")


@plant("first_disclosure")
async def short_disclosure_first(s: Scene) -> None:
    await s.sql("update account set initial_communication_at = null where debtor_id = :who")
    await s.sent(text="This is from a debt collector. Reply STOP to opt out.")


@plant("licence")
async def california(s: Scene) -> None:
    await s.lives("CA", "94110")
    await s.sql("update contact_point set area_code = '415' where debtor_id = :who and kind = 'phone'")
    await s.sent(at=s.at + timedelta(hours=2), text=ledger.WORDS.replace("License no. 10101-99.", ""))


@plant("district_statement")
async def the_district_without_the_whole_statement(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sent(text="Harbor Point: this is from a debt collector. Reply STOP to opt out.")


@plant("threat")
async def a_word_of_court(s: Scene) -> None:
    await s.sent(text=f"Or we file a lawsuit. {ledger.WORDS}")


@plant("time_barred")
async def too_old_and_not_told(s: Scene) -> None:
    await s.account("limitation_date = date '2026-10-14'")
    await s.sent(text=f"Your balance is $612.40. {ledger.WORDS}")


@plant("overshadowed")
async def a_deadline_in_the_period(s: Scene) -> None:
    await s.account("validation_period_end = date '2026-10-14'")
    await s.sent(text=f"Please pay $612.40 by Friday. {ledger.WORDS}")


@plant("exposed")
async def a_subject_that_tells(s: Scene) -> None:
    await s.sent(medium="email", subject="Your past due balance")


@plant("exposed")
async def a_subject_with_an_amount(s: Scene) -> None:
    await s.sent(medium="email", subject="$612.40 at Fairview")


@lawful
async def too_old_and_told(s: Scene) -> None:
    await s.account("limitation_date = date '2026-01-14'")
    told = "Because of the age of your debt, we will not sue you for it."
    await s.sent(text=f"Your balance is $612.40. {told} {ledger.WORDS}")


@lawful
async def a_deadline_after_the_period(s: Scene) -> None:
    await s.account("validation_period_end = date '2026-10-13'")
    await s.sent(text=f"Please pay $612.40 by Friday. {ledger.WORDS}")


@lawful
async def a_quiet_subject(s: Scene) -> None:
    await s.sent(medium="email", subject="A message from Harbor Point about Fairview, reference ending 0001")


@plant("stop_line")
async def a_creditors_own_text_in_the_district(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sql("update creditor set relationship = 'first_party'")
    await s.sent(text="Fairview Medical: your bill is ready.")


@plant("district_contact")
async def a_demand_in_the_district_from_nowhere(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sent(text=f"$612.40 is open. {ledger.WORDS}")


@lawful
async def a_demand_in_the_district(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.sent(
        text=f"$612.40 is open. 100 Harbor Way, Columbus, OH 43215, +1 614 555 0100, help@harborpoint.example. {ledger.WORDS}"
    )
