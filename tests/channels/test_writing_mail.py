"""Our own assembler of mail against the stdlib's parser, and our own DKIM signer against dkimpy."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from uuid import UUID

import dkim as oracle
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Outgoing
from channels.email import addresses, headers, mime
from channels.email.dkim import Signer

NOW = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)
SENDER = mime.Sender.parse("Fairview Service <service@mail.fairview.example>")
ID = UUID(int=7)
#: anything a person may be called or written, but for what no header may contain
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
BODY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=600)


def built(**values: str) -> bytes:
    given = {"to": "dana@mail.example", "text": "hello", "html": "<p>hello</p>", "subject": "hi"} | values
    return mime.build(Outgoing(message_id=ID, attempt=1, **given), sender=SENDER, date=NOW)


def lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text.rstrip("\r\n"))


@given(subject=WORDS, text=BODY, html=BODY)
@settings(max_examples=300, deadline=None)
def test_the_stdlib_reads_back_what_we_wrote(subject, text, html):
    raw = built(subject=subject, text=text, html=html)
    read = message_from_bytes(raw, policy=policy.default)
    assert not read.defects
    assert read["Subject"] == subject or str(read["Subject"]).split() == subject.split()
    plain = read.get_body(("plain",))
    assert lines(plain.get_content()) == lines(text)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    if html:
        assert read.get_content_type() == "multipart/alternative"
        assert lines(read.get_body(("html",)).get_content()) == lines(html)


@given(display=WORDS)
@settings(max_examples=200, deadline=None)
def test_any_name_can_send(display):
    line = headers.mailbox("From", display, "a@b.example")
    shown, address = parseaddr(message_from_bytes(line + b"\r\n")["From"])
    assert address == "a@b.example"
    assert str(make_header(decode_header(shown))).split() == display.split()


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\r\nBcc: x@y.example", "a\x00b"])
def test_a_value_that_would_start_another_header_is_refused(bad):
    for write in (headers.field, headers.raw, headers.folded):
        with pytest.raises(headers.HeaderRefused):
            write("Subject", bad)
    with pytest.raises(headers.HeaderRefused):
        headers.mailbox("From", bad, "a@b.example")


def test_a_mail_says_what_it_is_and_how_to_stop_it():
    message = Outgoing(
        message_id=ID,
        attempt=2,
        to="dana@mail.example",
        text="x",
        subject="hi",
        html="<p>x</p>",
        unsubscribe_url="https://pay.fairview.example/u/" + "t" * 40,
        reply_to="reply+token12345@mail.fairview.example",
        in_reply_to="<1@mail.example>",
        references=" ".join(f"<{n}.{'x' * 40}@mail.example>" for n in range(12)),
        auto_reply=True,
    )
    raw = mime.build(message, sender=SENDER, date=NOW)
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Message-ID"].strip() == f"<{ID}@mail.fairview.example>"
    assert read["Auto-Submitted"] == "auto-replied"
    assert read["In-Reply-To"] == "<1@mail.example>"
    assert str(read["References"]).split()[-1] == "<1@mail.example>"  # the one it answers comes last
    assert len(str(read["References"]).split()) == 13
    assert "Precedence" not in read
    # one physical line: some relays break the signature of a folded one
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line.endswith(b", <mailto:unsub+" + b"t" * 40 + b"@mail.fairview.example>")
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_message_id_is_the_same_for_every_attempt():
    messages = [Outgoing(message_id=ID, attempt=n, to="a@b.example", text="x") for n in (1, 2)]
    assert len({mime.message_id(m, domain="d.example") for m in messages}) == 1


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()


def published(key) -> bytes:
    """The key as DNS would give it."""
    import base64

    if isinstance(key, rsa.RSAPrivateKey):
        der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)


@pytest.mark.parametrize("key", [RSA, ED], ids=["rsa", "ed25519"])
@given(subject=WORDS, text=BODY, html=BODY)
@settings(max_examples=100, deadline=None)
def test_another_implementation_verifies_every_signature(key, subject, text, html):
    raw = built(subject=subject, text=text, html=html, unsubscribe_url="https://pay.example/u/QWERTYuiop123")
    signed = Signer(domain="mail.fairview.example", selector="s1", key=key).sign(raw, at=NOW)
    assert signed.endswith(raw)
    assert oracle.verify(signed, dnsfunc=lambda name, timeout=5: published(key))


@pytest.mark.parametrize(
    "body", [b"", b"\r\n", b"\r\n\r\n", b"x", b" x \t y \r\n\r\n \r\n", b".\r\n..\r\n", b"\xff" * 900]
)
def test_bodies_at_the_edge_of_the_standard_verify_too(body):
    raw = b"From: a@mail.fairview.example\r\nSubject: x\r\n  y\r\n\r\n" + body
    signed = Signer(domain="mail.fairview.example", selector="s1", key=ED).sign(raw, at=NOW)
    assert oracle.verify(signed, dnsfunc=lambda name, timeout=5: published(ED))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"hello", b"hullo"),
        lambda raw: raw.replace(b"Subject: hi", b"Subject: ho"),
        lambda raw: raw.replace(b"To: dana", b"From: eve@evil.example\r\nTo: dana"),
        lambda raw: raw.replace(b"To: dana", b"Subject: another\r\nTo: dana"),
        lambda raw: raw.replace(b"/u/QWERTY", b"/u/ASDFGH"),
        lambda raw: raw.replace(b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
    ],
)
def test_whoever_changes_or_adds_a_header_breaks_the_signature(change):
    raw = built(unsubscribe_url="https://pay.example/u/QWERTYuiop123")
    signed = Signer(domain="mail.fairview.example", selector="s1", key=ED).sign(raw, at=NOW)
    assert change(signed) != signed
    assert not oracle.verify(change(signed), dnsfunc=lambda name, timeout=5: published(ED))


def test_keys_are_read_and_weak_ones_refused(tmp_path):
    pem = {"encoding": serialization.Encoding.PEM, "format": serialization.PrivateFormat.PKCS8}
    none = serialization.NoEncryption()
    good, weak, broken = tmp_path / "good.pem", tmp_path / "weak.pem", tmp_path / "broken.pem"
    good.write_bytes(RSA.private_bytes(**pem, encryption_algorithm=none))
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    weak.write_bytes(small.private_bytes(**pem, encryption_algorithm=none))
    broken.write_text("no key")
    assert Signer.load(good, domain="d.example", selector="s").selector == "s"
    for path in (weak, broken, tmp_path / "missing.pem"):
        with pytest.raises(ValueError, match="DKIM key"):
            Signer.load(path, domain="d.example", selector="s")


def test_a_bounce_address_can_only_be_made_by_us():
    address = addresses.bounce_address(secret="s", message_id=ID, attempt=3, domain="bounces.example")
    assert len(address.partition("@")[0]) <= 64
    named = addresses.read_bounce_address(address.upper(), secret="s")
    assert named == addresses.Bounced(ID, 3)
    forged = [address.replace(".3.", ".4."), address.replace("0007", "0008"), address[:-25] + "@bounces.example"]
    assert [addresses.read_bounce_address(a, secret="s") for a in forged] == [None] * 3
    assert addresses.read_bounce_address(address, secret="other") is None
    assert addresses.read_bounce_address(address, secret="") is None


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Dana.Holloway@Mail.Example.com ", "Dana.Holloway@mail.example.com"),
        ("dana@bücher.example", "dana@xn--bcher-kva.example"),
        ("o'neill+debts@mail.example", "o'neill+debts@mail.example"),
    ],
)
def test_addresses_are_stored_in_one_form(written, stored):
    assert addresses.normalize(written) == stored


@pytest.mark.parametrize(
    "bad", ["", "dana", "dana@", "@mail.example", "dana@mail", "a b@mail.example", "dana@mail..example"]
)
def test_what_is_no_address_is_said_in_a_sentence(bad):
    with pytest.raises(ValueError, match="not a mail address"):
        addresses.normalize(bad)


@pytest.mark.parametrize("bad", ["postmaster@firm.com", "noreply@firm.com", "dana@example.com", "dana@firm.test"])
def test_production_writes_to_persons_in_real_domains_only(bad):
    addresses.normalize(bad)
    with pytest.raises(ValueError, match=r"function|reserved"):
        addresses.normalize(bad, production=True)
