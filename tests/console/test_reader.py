"""Tending the reader: what was not understood, relabelled by a person, trained by a job, put in force by a person."""

from __future__ import annotations

import html
import re

import pytest

from dialogs.understand import groups, model
from outreach import db
from outreach.conversations import artefacts, retraining
from tests.console import cast

BARS = {"critical_recall": 1.0, "false_opt_out": 0.0, "macro_f1": 1.0, "slot_match": 1.0, "out_of_scope_safe": 1.0}


@pytest.fixture
def shipped():
    yield
    model.adopt(None)
    artefacts.forget()


async def unclear(context, office, *texts):
    async with context.session() as session:
        for text in texts:
            await cast.unclear(session, now=context.now(), debtor_id=office["people"][0]["debtor"], text=text)


async def rows(context, sql, **values):
    async with context.session() as session:
        return await db.rows(session, sql, **values)


class TestGroups:
    def test_messages_about_the_same_stand_together(self):
        found = groups.group(["where is my refund", "my refund never came", "nice weather", "any refund yet"])
        assert next(g.members for g in found)
        assert set(found[0].members) == {0, 1, 3}
        assert "refund" in found[0].terms

    def test_nothing_makes_no_group_and_emoji_stand_alone(self):
        assert groups.group([]) == []
        assert len(groups.group(["🙂", "🙃"])) == 2


class TestThePage:
    async def test_shows_words_without_who_wrote_them(self, enter, context, office):
        await unclear(context, office, "Dana Holloway here, 415-555-0123, dana@example.com, refund of 50?")
        page = html.unescape(re.sub(r"<[^>]+>", " ", (await (await enter("lee")).get("/console/reader")).text))
        assert "refund of 50?" in page
        assert "[name]" in page
        for secret in ("Holloway", "555-0123", "dana@example.com"):
            assert secret not in page

    async def test_a_group_is_relabelled_and_learnt_from_masked(self, enter, context, office):
        await unclear(context, office, "flarb the thing at 212 555 0188", "flarb the thing please")
        client = await enter("cora")
        ids = re.findall(r'name="message" value="([^"]+)"', (await client.get("/console/reader")).text)
        answer = await client.post("/console/reader/relabel", data={"message": ids, "intent": "pay_now"})
        assert answer.status_code == 303
        async with context.session() as session:
            learnt = await artefacts.labels_in_force(session)
        assert sorted(m["text"] for m in learnt) == ["flarb the thing at •••••", "flarb the thing please"]
        assert {m["intent"] for m in learnt} == {"pay_now"}
        assert await rows(context, "select 1 from audit_entry where action = 'reader.relabelled'")

    async def test_a_label_nobody_knows_is_refused_where_it_was_given(self, enter, context, office):
        await unclear(context, office, "flarb")
        client = await enter("lee")
        answer = await client.post("/console/reader/relabel", data={"intent": "nonsense"})
        assert answer.status_code == 422
        assert "Choose what the messages mean" in answer.text
        assert await rows(context, "select 1 from reader_label") == []

    async def test_a_training_is_a_job(self, enter, context, office):
        await (await enter("lee")).post("/console/reader/train")
        await (await enter("lee")).post("/console/reader/train")
        assert len(await rows(context, "select 1 from procrastinate_jobs where task_name = 'reader.train'")) == 1


class TestAReaderInForce:
    async def test_is_put_there_by_a_person_and_followed_by_every_process(self, enter, context, office, shipped):
        async with context.session() as session:
            made = await cast.artefact(session, now=context.now())
        client = await enter("lee")
        assert (await client.post("/console/reader/put", data={"artefact": str(made)})).status_code == 303
        async with context.session() as session:
            await artefacts.follow(session, at_once=True)
        assert model.current() is not model.trained()
        await client.post("/console/reader/put")
        async with context.session() as session:
            await artefacts.follow(session, at_once=True)
        assert model.current() is model.trained()

    @pytest.mark.parametrize("status", ["refused"])
    async def test_is_never_one_below_the_bars(self, enter, context, office, status):
        async with context.session() as session:
            made = await cast.artefact(session, now=context.now(), status=status)
        answer = await (await enter("cora")).post("/console/reader/put", data={"artefact": str(made)})
        assert answer.status_code == 409
        assert await rows(context, "select 1 from reader_artefact where status = 'in_force'") == []

    @pytest.mark.parametrize("name", retraining.BARS)
    def test_one_bar_missed_is_named(self, name):
        assert retraining.fallen(BARS) == []
        worse = BARS | {name: 0.5}
        assert len(retraining.fallen(worse)) == 1
        assert name.replace("_", " ") in retraining.fallen(worse)[0]


@pytest.mark.slow
async def test_a_training_measures_and_keeps_what_it_made(context, office):
    await unclear(context, office, "flarb the widget")
    async with context.session() as session:
        found = await db.rows(session, "select inbound_id from turn")
        from outreach.conversations import tending

        ids = [row["inbound_id"] for row in found]
        await tending.relabel(session, now=context.now(), message_ids=ids, intent="pay_now", actor="staff:3")
    await artefacts.train(context, actor="staff:3")
    (made,) = await rows(context, "select status, figures, hash from reader_artefact")
    assert made["status"] in {"ready", "refused"}
    assert set(retraining.BARS) <= set(made["figures"])
    assert len(made["hash"]) == 64
