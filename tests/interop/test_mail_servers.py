"""Our mail through a real Postfix and from a real Dovecot, our signature read by OpenDKIM."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

import channels
from channels.contract import Busy, Channel, FailureClass, Outgoing, Refused
from channels.email import dkim, mime
from outreach import app, db
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.delivery import Loop
from outreach.messages.drafts import Draft
from outreach.web import mail
from tests import cast
from tests.channels.conftest import MAIL
from tests.interop import programs

pytestmark = pytest.mark.slow
app.load_jobs()
WORDS = "From: dana@mail.example\r\nTo: {to}\r\nSubject: Re: your message\r\nMessage-ID: <{id}@mail.example>\r\n\r\nHow much do I owe?\r\n"


@pytest.fixture
async def relay(context: Context) -> AsyncIterator[Channel]:
    """Email through a Postfix that hands what comes back to our LMTP server."""
    context.settings.lmtp_listen = f"127.0.0.1:{programs.free_port()}"
    async with programs.postfix(lmtp=int(context.settings.lmtp_listen.rpartition(":")[2])) as port:
        values = context.settings.values() | MAIL | {"smtp_url": f"smtp://127.0.0.1:{port}?starttls=false"}
        context.channels = channels.build(values | {"secret_key": context.key.hex()}, clock=context.now)
        async with mail.listening(context):
            yield context.channels["email"]
        await context.channels["email"].aclose()


def letter(to: str) -> Outgoing:
    return Outgoing(message_id=uuid4(), attempt=1, to=to, subject="A message for you", text="Please call us.")


async def until(context: Context, sql: str, *, seconds: float = 30.0, **values: Any) -> dict[str, Any]:
    """The first row there is."""
    async with asyncio.timeout(seconds):
        while True:
            async with context.session() as session:
                if found := await db.one(session, sql, **values):
                    return dict(found)
            await asyncio.sleep(0.1)


async def test_postfix_takes_defers_and_refuses(relay: Channel) -> None:
    assert "queued as" in (await relay.send(letter("dana@mail.example"))).raw["reply"]
    with pytest.raises(Busy) as later:
        await relay.send(letter("later@mail.example"))
    assert later.value.code == "4.2.1"
    with pytest.raises(Refused) as never:
        await relay.send(letter("nobody@mail.example"))
    assert never.value.failure is FailureClass.PERM_ADDR


async def test_a_bounce_that_postfix_writes_finds_its_message(relay: Channel, context: Context, now: datetime) -> None:
    async with context.session() as session:
        who = await cast.person(session, now=now)
        await db.change(session, "update contact_point set address = 'dana@dead.example' where kind = 'email'")
        draft = Draft(debtor_id=who, channel="email", template="reminder")
        await outbox.submit(session, draft, now=now, settings=context.settings)
    stop = asyncio.Event()
    worker = asyncio.create_task(Loop(context)(stop))
    failed = await until(context, "select code from message where status = 'failed'")
    stop.set()
    await worker
    point = await until(context, "select status from contact_point where kind = 'email'")
    assert (failed["code"], point["status"]) == ("5.1.1", "dead")


async def test_an_answer_comes_in_by_lmtp_once(relay: Channel, context: Context, now: datetime) -> None:
    async with context.session() as session:
        await cast.person(session, now=now)
        await db.change(session, "update contact_point set address = 'dana@mail.example' where kind = 'email'")
    to = MAIL["mail_from"].partition("<")[2].rstrip(">")
    raw = WORDS.format(to=to, id=uuid4())
    port = relay.settings.smtp.port  # type: ignore[attr-defined]

    def write() -> None:
        with smtplib.SMTP("127.0.0.1", port) as program:
            program.sendmail("dana@mail.example", to, raw)

    for _ in range(2):
        await asyncio.to_thread(write)
    heard = await until(context, "select text from message where direction = 'in'")
    await asyncio.sleep(1.0)
    count = await until(context, "select count(*) as n from message where direction = 'in'")
    assert (heard["text"], count["n"]) == ("How much do I owe?", 1)


async def test_an_answer_comes_in_by_imap_as_it_arrives(context: Context, now: datetime) -> None:
    async with context.session() as session:
        await cast.person(session, now=now)
        await db.change(session, "update contact_point set address = 'dana@mail.example' where kind = 'email'")
    async with programs.dovecot() as (port, mailbox):
        context.settings.imap_url = SecretStr(f"imap://us:secret@127.0.0.1:{port}/INBOX")
        values = context.settings.values() | MAIL | {"smtp_url": "smtp://127.0.0.1:9"}
        context.channels = channels.build(values, clock=context.now)
        async with mail.listening(context):
            for n in range(2):  # one that lay there, one that comes while we wait
                _put(mailbox, WORDS.format(to="us@harbor.example", id=uuid4()))
                await until(
                    context, "select 1 as one from (select 1 from message where direction = 'in' offset :n) m", n=n
                )
                await asyncio.sleep(1.0)
        await context.channels["email"].aclose()
    seen = [path.name for path in (mailbox / "cur").iterdir()] if mailbox.exists() else []
    assert all("S" in name.rpartition(",")[2] for name in seen)


def _put(mailbox: Path, words: str) -> None:
    path = mailbox / "tmp" / uuid4().hex
    path.write_bytes(words.encode())
    path.chmod(0o666)
    path.rename(mailbox / "new" / path.name)


async def test_opendkim_finds_our_signature_good(tmp_path: Path) -> None:
    program = programs.needed("opendkim")
    tmp_path = Path(tmp_path)
    for command in (
        ["openssl", "genrsa", "-out", str(tmp_path / "key.pem"), "2048"],
        ["openssl", "rsa", "-in", str(tmp_path / "key.pem"), "-pubout", "-out", str(tmp_path / "public.pem")],
    ):
        assert await (await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)).wait() == 0
    public = "".join((tmp_path / "public.pem").read_text(encoding="ascii").split("\n")[1:-2])
    domain = "mail.fairview.example"
    (tmp_path / "keys").write_text(f"s1._domainkey.{domain} v=DKIM1; k=rsa; p={public}\n", encoding="ascii")
    (tmp_path / "conf").write_text(f"TestPublicKeys {tmp_path}/keys\nMode v\n", encoding="ascii")
    signer = dkim.Signer.load(tmp_path / "key.pem", domain=domain, selector="s1")
    now = datetime.now(UTC)
    sender = mime.Sender.parse(MAIL["mail_from"], domain=domain)
    signed = signer.sign(mime.build(letter("dana@mail.example"), sender=sender, date=now), at=now)
    for name, raw in (("good", signed), ("changed", signed.replace(b"Please call us.", b"Please call me."))):
        (tmp_path / name).write_bytes(raw)
        process = await asyncio.create_subprocess_exec(
            *(program, "-x", str(tmp_path / "conf"), "-t", str(tmp_path / name)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await process.communicate())[0].decode()
        assert ("verification (s=s1" in said and "succeeded" in said) == (name == "good"), said
