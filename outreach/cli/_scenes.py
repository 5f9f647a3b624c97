"""The debtors' answers: a dozen people who write back in different ways, through signed hooks, LMTP and portal forms."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outreach import db
from outreach.cli import _visitor
from outreach.cli._demo import Stage, console

#: seconds the service gets to answer one message
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Scene:
    """One person's part. `says` are sent one after another, each after the answer to the one before."""

    title: str
    medium: str
    says: Sequence[str]
    language: str = "en"
    portal: str = ""


SCENES = (
    Scene("asks for the balance", "sms", ("whats my balance",)),
    Scene(
        "makes a plan by text, corrects it, agrees",
        "sms",
        ("could i pay it off monthly", "80", "the 1st", "actually 90 not 80", "yes"),
    ),
    Scene("offers too little, takes the counter-offer", "sms", ("can do 5 a month starting next friday", "ok yes")),
    Scene("says it is not theirs", "sms", ("this isnt mine, never been to that place",)),
    Scene("wants it to stop", "sms", ("pls stop texting me",)),
    Scene("has a lawyer", "sms", ("talk to my attorney Ana Ruiz, not me",)),
    Scene("is somebody else", "sms", ("you have the wrong number, no idea who that is",)),
    Scene(
        "lost their job and asks for a person",
        "sms",
        ("i got laid off and cant pay anything right now", "can i talk to someone"),
    ),
    Scene("asks in Spanish", "sms", ("cuánto debo?", "puedo pagar 100 al mes desde el viernes", "sí"), language="es"),
    Scene("promises a payment by mail", "email", ("I will send you 40 dollars on Friday.\n\nRegards",)),
    Scene(
        "disputes by mail",
        "email",
        ("The amount is wrong. My insurance paid part of this last year. Please send me proof.",),
    ),
    Scene("filed for bankruptcy", "email", ("I filed chapter 7 in January, case 26-10442.",)),
    Scene("sets up a plan in the portal", "sms", (), portal="plan"),
    Scene("disputes in the portal", "email", (), portal="dispute"),
    Scene("writes in the portal's chat", "sms", (), portal="chat"),
)

_REACHED = """
select distinct on (d.id) d.id, d.first_name, d.last_name, d.zip, d.date_of_birth, d.language, m.medium, m.address, m.text
from message m join debtor d on d.id = m.debtor_id
  join contact_point p on p.id = m.contact_point_id and p.verified_at is not null
where m.direction = 'out' and m.status in ('accepted', 'sent', 'delivered') and m.medium in ('sms', 'email')
  and (select count(*) from account a where a.debtor_id = d.id) = 1
  and not exists (select 1 from contact_point o join contact_point mine on mine.debtor_id = d.id and o.address = mine.address
    where o.debtor_id <> d.id)
order by d.id, m.created_at
"""


async def answers(stage: Stage) -> None:
    """Everybody plays at once, as in life."""
    console.rule("[bold]3 · Answers")
    async with stage.context.session() as session:
        reached = await db.rows(session, _REACHED)
    await asyncio.gather(*(_play(stage, scene, person) for scene, person in _cast(reached)))
    await stage.carrier.settle()


def _cast(reached: Sequence[Any]) -> list[tuple[Scene, Any]]:
    """The first free person who fits each scene."""
    free = list(reached)
    parts = []
    for scene in SCENES:
        found = next((p for p in free if p["medium"] == scene.medium and p["language"] == scene.language), None)
        if found is not None:
            free.remove(found)
            parts.append((scene, found))
    return parts


async def _play(stage: Stage, scene: Scene, person: Any) -> None:
    if scene.portal:
        last = await _visitor.visit(stage, scene.portal, person)
    else:
        last = ""
        for words in scene.says:
            last = await (_text if scene.medium == "sms" else _mail)(stage, person["address"], words)
    who = f"{person['first_name']} {person['last_name'][:1]}."
    console.print(f"[cyan]{who}[/] {scene.title}: [dim]{_short(scene.says[-1]) if scene.says else 'by forms'}[/]")
    console.print(f"    [green]{_short(last) or 'no answer, as it should be'}[/]")


async def _text(stage: Stage, phone: str, words: str) -> str:
    """Sent by the carrier's signed webhook; the answer is what reaches the telephone."""
    texts = stage.carrier.texts.by_phone
    before = len([t for t in texts.get(phone, []) if t.direction != "inbound"])
    await stage.carrier.debtor_texts(from_=phone, body=words)
    return await _awaited(lambda: [t.body for t in texts.get(phone, []) if t.direction != "inbound"][before:])


async def _mail(stage: Stage, address: str, words: str) -> str:
    """An answer to the newest mail of ours, delivered to us by LMTP."""

    def ours() -> list[dict[str, Any]]:
        box = stage.carrier.mailboxes.by_address.get(address.lower(), [])
        return [shown for shown in (mail.opened() for mail in box) if address.lower() not in shown["from"].lower()]

    before = ours()
    await stage.carrier.debtor_mails(
        from_=address,
        to=before[-1]["reply_to"],
        text=words,
        subject=f"Re: {before[-1]['subject']}",
        in_reply_to=before[-1]["message_id"],
    )
    return await _awaited(lambda: [str(shown["text"]) for shown in ours()[len(before) :]])


async def _awaited(arrived: Any) -> str:
    """The first thing to arrive, or nothing: some words get no answer."""
    for _ in range(int(PATIENCE / 0.1)):
        if found := arrived():
            return str(found[0])
        await asyncio.sleep(0.1)
    return ""


def _short(text: str, most: int = 150) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
