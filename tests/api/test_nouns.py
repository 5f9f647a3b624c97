"""What a creditor's system can do, over the real database."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from outreach.accounts.models import HoldReason
from outreach.disputes import service as disputes
from outreach.messages import silence
from outreach.partners import holds
from outreach.plans import service as plans
from tests.api.conftest import publish, told
from tests.nouns import cast as nouns


def row(ref: str = "FMG-9", **columns: object) -> dict[str, object]:
    return {
        "account_ref": ref,
        "debtor_ref": "mara",
        "first_name": "Mara",
        "last_name": "Lind",
        "balance": "120.50",
        **columns,
    }


async def scalar(context, sql, **values):
    async with context.session() as session:
        return await session.scalar(sa.text(sql), values)


class TestPlacing:
    async def test_good_rows_are_taken_and_bad_ones_named_by_row_column_and_reason(self, fairview, context):
        rows = [row(), row("FMG-10", balance="a lot"), row("FMG-11", colour="red"), row("FMG-12", notes={"a": 1})]
        answer = await fairview.post("/placements", {"rows": rows})
        assert answer.status_code == 201, answer.text
        said = answer.json()
        assert (said["rows"], said["new"], said["refused"]) == (4, 1, 3)
        assert [(f["row"], f["column"]) for f in said["refusals"]] == [(2, "balance"), (3, "colour"), (4, "notes")]
        assert (await fairview.get("/accounts/FMG-9")).json()["balance_cents"] == 12_050
        assert (await fairview.get("/accounts/FMG-10")).status_code == 404

    async def test_the_same_again_changes_nothing(self, fairview):
        await fairview.post("/placements", {"rows": [row()]})
        again = await fairview.post("/placements", {"rows": [row()]})
        assert (again.status_code, again.json()["unchanged"]) == (200, 1)

    async def test_numbers_and_text_are_one_value(self, fairview):
        await fairview.post("/placements", {"rows": [row(balance=120.5, email_employer_provided=None)]})
        assert (await fairview.post("/placements", {"rows": [row(balance="120.5")]})).json()["unchanged"] == 1

    async def test_a_dry_run_writes_nothing(self, fairview):
        answer = await fairview.post("/placements", {"rows": [row()], "dry_run": True})
        assert (answer.status_code, answer.json()["new"]) == (200, 1)
        assert (await fairview.get("/accounts/FMG-9")).status_code == 404

    async def test_another_creditors_name_is_refused(self, fairview):
        answer = await fairview.post("/placements", {"rows": [row(creditor="Lakeside Utilities")]})
        assert answer.json()["refusals"][0]["column"] == "creditor"

    async def test_another_creditors_person_is_neither_told_nor_touched(self, fairview, lakeside, context):
        """Theo is Lakeside's; the same reference at Fairview is somebody else, whatever name comes with it."""
        for first in ("Theo", "Nobody"):
            answer = await fairview.post(
                "/placements", {"rows": [row(f"FMG-{first}", debtor_ref="theo", first_name=first)]}
            )
            assert (answer.status_code, answer.json()["refused"]) == (201, 0), answer.text
        assert await scalar(context, "select first_name from debtor where ref = 'theo'") == "Theo"
        assert (await fairview.get("/accounts/FMG-Theo")).json()["debtor_ref"] == "theo"
        assert await scalar(context, "select count(*) from debtor where ref like 'theo%'") == 2

    async def test_ten_thousand_rows_are_one_call(self, fairview):
        rows = [row(f"B-{n}", debtor_ref=f"b-{n}") for n in range(10_000)]
        assert (await fairview.post("/placements", {"rows": rows})).json()["new"] == 10_000
        assert (await fairview.post("/placements", {"rows": [*rows, row()]})).status_code == 422


class TestReading:
    async def test_pages_follow_references_and_end(self, fairview):
        await fairview.post("/placements", {"rows": [row(f"P-{n:02}", debtor_ref=f"p-{n}") for n in range(7)]})
        seen, after = [], ""
        while after is not None:
            page = (await fairview.get("/accounts", after=after, limit=3)).json()
            seen += [account["ref"] for account in page["accounts"]]
            after = page["next"]
        assert seen == ["FMG-1", *(f"P-{n:02}" for n in range(7))]

    async def test_an_account_shows_figures_holds_plan_and_disputes_and_no_words(self, fairview, context, world):
        async with context.session() as session:
            await disputes.open(
                session, now=context.now(), account_id=world["FMG-1"], via="sms", actor="debtor:1", reason="paid",
                text="I paid this in CANARYTOWN",
            )  # fmt: skip
            await silence.hold(
                session,
                now=context.now(),
                debtor_id=world["dana"],
                reason=HoldReason.SELF_HARM,
                actor="x",
                note="CANARY",
            )
        answer = await fairview.get("/accounts/FMG-1")
        said = answer.json()
        assert (said["balance_cents"], said["currency"], said["status"]) == (61_240, "USD", "open")
        assert [hold["reason"] for hold in said["holds"]] == ["dispute"]
        assert [(d["reason"], d["status"]) for d in said["disputes"]] == [("paid", "open")]
        assert "CANARY" not in answer.text

    async def test_what_is_between_the_person_and_us_stays_there(self, fairview, context, world):
        hidden = [reason for reason in HoldReason if reason not in holds.SHOWN]
        assert len(hidden) >= 5
        async with context.session() as session:
            about = {"now": context.now(), "debtor_id": world["dana"], "account_id": world["FMG-1"], "actor": "x"}
            for reason in hidden:
                await silence.hold(session, reason=reason, **about)
        await publish(context)
        assert (await fairview.get("/accounts/FMG-1")).json()["holds"] == []
        assert await told(fairview) == []


class TestRecall:
    async def test_it_ends_contact_and_plan_and_can_be_said_again(self, fairview, context, world):
        async with context.session() as session:
            await nouns.queued(session, now=context.now(), debtor_id=world["dana"], account_id=world["FMG-1"])
        answer = await fairview.post("/accounts/FMG-1/recall", {"reason": "sold"})
        assert (answer.status_code, answer.json()["changed"]) == (200, True)
        assert (await fairview.post("/accounts/FMG-1/recall")).json()["changed"] is False
        async with context.session() as session:
            assert await nouns.statuses(session, debtor_id=world["dana"]) == ["withdrawn"]
            assert "recalled" in await nouns.holds(session, debtor_id=world["dana"])
        await publish(context)
        assert [kind for kind, _ in await told(fairview)] == ["account.recalled"]


class TestPlans:
    @pytest.fixture
    async def plan(self, context, world) -> int:
        """600.00 in twelve months, agreed on."""
        now = context.now()
        async with context.session() as session:
            made = await plans.propose(
                session, now=now, settings=context.settings, account_id=world["FMG-1"], amount_cents=5_500,
                frequency="monthly", first_date=(now + timedelta(days=20)).date(), via="portal", actor="debtor:1", accepted=True,
            )  # fmt: skip
        return made.plan_id

    async def test_the_creditor_sees_it_and_a_payment_moves_it(self, fairview, plan, context):
        shown = (await fairview.get("/accounts/FMG-1")).json()["plan"]
        assert (shown["id"], shown["status"], shown["total_cents"], shown["next_cents"]) == (
            plan,
            "agreed",
            61_240,
            5_500,
        )
        pay = {"account_ref": "FMG-1", "amount_cents": 5_500, "paid_at": "2026-03-11", "reference": "P-1"}
        paid = (await fairview.post("/payments", pay)).json()
        assert (paid["plan"], paid["plan_status"]) == (plan, "active")
        assert (await fairview.get("/accounts/FMG-1")).json()["plan"]["paid_cents"] == 5_500
        await publish(context)
        assert [kind for kind, _ in await told(fairview)] == ["plan.agreed", "payment.recorded", "plan.active"]

    async def test_an_adjustment_under_it_is_a_persons_to_settle(self, fairview, plan, context):
        adjust = {"component": "principal", "amount_cents": -20_000, "reference": "A", "reason": "insurance"}
        assert (await fairview.post("/accounts/FMG-1/adjustments", adjust)).status_code == 201
        assert await scalar(context, "select summary ->> 'plan_id' from cases where reason = 'plan_change'") == str(
            plan
        )
        assert (await fairview.get("/accounts/FMG-1")).json()["plan"]["status"] == "agreed"

    @pytest.mark.parametrize("status", ["agreed", "active", "suspended", "broken"])
    async def test_a_recall_ends_it_whatever_it_is(self, fairview, plan, context, status):
        async with context.session() as session:
            await session.execute(sa.text("update plan set status = :s"), {"s": status})
            await session.execute(
                sa.text("insert into plan (account_id, debtor_id, status, proposed_at) select account_id, debtor_id, 'proposed',"
                        " proposed_at from plan"))  # fmt: skip
        assert (await fairview.post("/accounts/FMG-1/recall")).status_code == 200
        assert await scalar(context, "select count(*) from plan where status <> 'cancelled'") == 0
        assert [h["reason"] for h in (await fairview.get("/accounts/FMG-1")).json()["holds"]] == ["recalled"]

    async def test_one_only_talked_about_is_not_the_creditors_business(self, fairview, plan, context):
        await scalar(context, "update plan set status = 'proposed', agreed_at = null returning id")
        assert (await fairview.get("/accounts/FMG-1")).json()["plan"] is None

    @pytest.mark.parametrize(("ground", "rests"), [("attorney", "suspended"), ("service_complaint", "agreed")])
    async def test_it_rests_where_the_law_wants_a_look_first(self, fairview, plan, ground, rests):
        await fairview.post("/accounts/FMG-1/holds", {"ground": ground})
        assert (await fairview.get("/accounts/FMG-1")).json()["plan"]["status"] == rests


class TestAdjusting:
    def change(self, cents: int, reference: str = "A-1", **more: object) -> dict[str, object]:
        return {
            "component": "principal",
            "amount_cents": cents,
            "reference": reference,
            "reason": "billing error",
            **more,
        }

    async def test_the_balance_moves_once_and_what_names_the_old_one_is_withdrawn(self, fairview, context, world):
        async with context.session() as session:
            await nouns.queued(session, now=context.now(), debtor_id=world["dana"], account_id=world["FMG-1"])
        first = await fairview.post("/accounts/FMG-1/adjustments", self.change(-1_240))
        assert (first.status_code, first.json()["balance_cents"]) == (201, 60_000)
        again = await fairview.post("/accounts/FMG-1/adjustments", self.change(-1_240))
        assert (again.status_code, again.json()["balance_cents"], again.json()["created"]) == (200, 60_000, False)
        async with context.session() as session:
            assert await nouns.statuses(session, debtor_id=world["dana"]) == ["withdrawn"]

    async def test_one_reference_is_one_adjustment(self, fairview):
        await fairview.post("/accounts/FMG-1/adjustments", self.change(-100))
        answer = await fairview.post("/accounts/FMG-1/adjustments", self.change(-200))
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:outreach:problem:reference-reused")

    async def test_nothing_left_is_paid_and_something_again_is_open(self, fairview, context):
        paid = await fairview.post("/accounts/FMG-1/adjustments", self.change(-61_240))
        assert paid.json()["status"] == "paid"
        back = await fairview.post("/accounts/FMG-1/adjustments", self.change(500, "A-2"))
        assert (back.json()["status"], back.json()["balance_cents"]) == ("open", 500)
        await publish(context)
        assert [kind for kind, _ in await told(fairview)] == [
            "account.paid", "account.adjusted", "account.reopened", "account.adjusted",
        ]  # fmt: skip

    async def test_what_cannot_be_is_refused_and_changes_nothing(self, fairview):
        for wrong in (self.change(-61_241), self.change(0), self.change(1, currency="EUR")):
            assert (await fairview.post("/accounts/FMG-1/adjustments", wrong)).status_code in (409, 422), wrong
        assert (await fairview.get("/accounts/FMG-1")).json()["balance_cents"] == 61_240


class TestPayments:
    def payment(self, cents: int = 10_000, reference: str = "P-1", **more: object) -> dict[str, object]:
        return {"account_ref": "FMG-1", "amount_cents": cents, "paid_at": "2026-03-10", "reference": reference, **more}

    async def test_it_is_recorded_once_by_its_reference(self, fairview):
        first = await fairview.post("/payments", self.payment())
        assert (first.status_code, first.json()["balance_cents"]) == (201, 51_240)
        again = await fairview.post("/payments", self.payment())
        assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
        other = await fairview.post("/payments", self.payment(20_000))
        assert other.status_code == 409

    async def test_paid_in_full_and_taken_back(self, fairview, context):
        assert (await fairview.post("/payments", self.payment(61_240))).json()["paid_in_full"] is True
        back = await fairview.post("/payments", self.payment(-61_240, "P-1-back", paid_at="2026-03-11T09:00:00-05:00"))
        assert (back.json()["reopened"], back.json()["balance_cents"]) == (True, 61_240)
        await publish(context)
        assert [kind for kind, _ in await told(fairview)] == [
            "account.paid", "payment.recorded", "account.reopened", "payment.reversed",
        ]  # fmt: skip

    async def test_what_cannot_be_is_refused_without_repeating_it(self, fairview):
        for wrong in (
            {"amount_cents": 0}, {"amount_cents": 10.5}, {"amount_cents": "100"}, {"amount_cents": True},
            {"amount_cents": 10**13}, {"paid_at": "yesterday"}, {"paid_at": "0001-01-01T00:00:00+14:00"},
            {"paid_at": "2027-01-01"}, {"paid_at": "2026-03-10T09:00:00"}, {"reference": " "}, {"reference": "a\u0000b"},
            {"currency": "EUR"}, {"amount": 5}, {"reference": "\ud800"},
        ):  # fmt: skip
            body = json.dumps(self.payment(**wrong))
            answer = await fairview.ask("POST", "/payments", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (409, 422), (wrong, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert "yesterday" not in answer.text
        assert (await fairview.get("/accounts/FMG-1")).json()["payments_cents"] == 0


class TestHolds:
    async def test_contact_has_stopped_when_it_answers_and_goes_on_when_lifted(self, fairview, context, world):
        async with context.session() as session:
            await nouns.queued(session, now=context.now(), debtor_id=world["dana"], account_id=world["FMG-1"])
        placed = await fairview.post("/accounts/FMG-1/holds", {"ground": "service_complaint", "note": "broken bed"})
        assert placed.status_code == 201, placed.text
        async with context.session() as session:
            assert await nouns.statuses(session, debtor_id=world["dana"]) == ["withdrawn"]
            assert await nouns.holds(session, debtor_id=world["dana"]) == {"manual"}
        hold = (await fairview.get("/accounts/FMG-1")).json()["holds"]
        assert [(h["reason"], h["named"], h["yours"]) for h in hold] == [("paused", "service_complaint", True)]
        lifted = await fairview.delete(f"/accounts/FMG-1/holds/{placed.json()['id']}")
        assert lifted.status_code == 200
        assert (await fairview.delete(f"/accounts/FMG-1/holds/{placed.json()['id']}")).status_code == 404
        assert (await fairview.get("/accounts/FMG-1")).json()["holds"] == []

    async def test_grounds_stand_beside_each_other_and_beside_a_colleagues_pause(self, fairview, context, world):
        async with context.session() as session:
            await silence.hold(
                session, now=context.now(), debtor_id=world["dana"], account_id=world["FMG-1"],
                reason=HoldReason.MANUAL, actor="staff:1",
            )  # fmt: skip
        first = await fairview.post("/accounts/FMG-1/holds", {"ground": "service_complaint"})
        second = await fairview.post("/accounts/FMG-1/holds", {"ground": "finance_correction"})
        again = await fairview.post("/accounts/FMG-1/holds", {"ground": "finance_correction"})
        assert first.json()["id"] != second.json()["id"] == again.json()["id"]
        await fairview.delete(f"/accounts/FMG-1/holds/{first.json()['id']}")
        left = (await fairview.get("/accounts/FMG-1")).json()["holds"]
        assert [(h["named"], h["yours"]) for h in left] == [("paused", False), ("finance_correction", True)]
        assert (await fairview.delete(f"/accounts/FMG-1/holds/{left[0]['id']}")).status_code == 409

    async def test_a_ground_of_law_is_a_persons_to_lift(self, fairview, context):
        for ground, means in holds.GROUNDS.items():
            if not means.case:
                continue
            placed = await fairview.post("/accounts/FMG-1/holds", {"ground": ground})
            assert placed.status_code == 201, placed.text
            assert (await fairview.delete(f"/accounts/FMG-1/holds/{placed.json()['id']}")).status_code == 409
            assert await scalar(context, "select reason from cases order by id desc limit 1") == means.case


class TestProof:
    async def test_it_reaches_the_person_who_answers_and_freezes_on(self, fairview, context, world):
        async with context.session() as session:
            opened = await disputes.open(
                session, now=context.now(), account_id=world["FMG-1"], via="sms", actor="debtor:1", reason="not_mine"
            )
        file = {
            "name": "bill.pdf",
            "content_type": "application/pdf",
            "content_base64": base64.b64encode(b"%PDF-").decode(),
        }
        answer = await fairview.post(f"/disputes/{opened.id}/proof", {"words": "The signed bill.", "file": file})
        assert answer.status_code == 201, answer.text
        assert answer.json()["sha256"] == hashlib.sha256(b"%PDF-").hexdigest()
        assert await scalar(context, "select summary ->> 'proof_id' from cases") == str(answer.json()["id"])
        assert [h["reason"] for h in (await fairview.get("/accounts/FMG-1")).json()["holds"]] == ["dispute"]

    async def test_a_file_that_runs_or_climbs_is_refused(self, fairview):
        for name in ("run.exe", "../x.pdf", "a\\b.pdf", "noend"):
            file = {"name": name, "content_base64": "eA=="}
            assert (await fairview.post("/disputes/1/proof", {"words": "x", "file": file})).status_code == 422, name
