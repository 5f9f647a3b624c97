"""Mails made to make a reader wait, fall over or lie. Each is a name and its bytes."""

from __future__ import annotations

import base64
import gzip
import random
from collections.abc import Iterator

HEAD = b"From: dana@mail.example\r\nTo: us@mail.fairview.example\r\nSubject: hello\r\nDate: Wed, 11 Mar 2026 10:30:00 -0500\r\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html\r\n\r\n"


def mails() -> Iterator[tuple[str, bytes]]:
    many = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx%d\r\n" % n for n in range(10_000))
    yield "10,000 parts", HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + many + b"--b--\r\n"
    yield "nesting of 1,000", HEAD + _nested(1000)
    yield "the same boundary a thousand times", HEAD + _nested(1000, same=True)
    yield "a line of 5 MB", HEAD + PLAIN + b"a" * 5_000_000
    yield "a word and a space, endlessly", HEAD + PLAIN + b"a " * 2_000_000
    yield "20 MB", HEAD + PLAIN + b"line of text\r\n" * 1_500_000
    yield "a million quotes", HEAD + PLAIN + b"> quoted\r\n" * 500_000
    yield "quotes 10,000 deep", HEAD + PLAIN + b">" * 10_000 + b" x\r\nmine\r\n"
    yield "attributions that never end", HEAD + PLAIN + b"On Mon, Nov 2, 2026 at 10:00 Dana <d@e.example>\r\n" * 50_000
    yield "header blocks", HEAD + PLAIN + b"From: a@b.example\r\n" * 50_000
    yield "colons", HEAD + PLAIN + b":" * 500_000
    yield "dashes", HEAD + PLAIN + b"-" * 500_000 + b"\r\n" + b"-\r\n" * 200_000
    yield "boundaries nobody opened", HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--x\r\n" * 500_000
    yield "tags", HEAD + HTML + b"<" * 500_000
    yield "tags with names", HEAD + HTML + b"<a " * 300_000
    yield "attributes", HEAD + HTML + b"<p " + b'a="b" ' * 200_000 + b">x"
    yield "comments", HEAD + HTML + b"<!--" * 300_000
    yield "declarations", HEAD + HTML + b"<!" * 300_000
    yield "scripts", HEAD + HTML + b"<script>" * 100_000
    yield "divs", HEAD + HTML + b"<div>x" * 100_000
    yield "bold", HEAD + HTML + b"<b>x</b>" * 100_000
    yield "entities", HEAD + HTML + b"&amp;&#1;&#x110000;&nosuch;" * 50_000
    yield "blockquotes", HEAD + HTML + b"<blockquote>x" * 50_000
    yield "styles", HEAD + HTML + b"<p style='border:none;border-top:solid" * 20_000
    yield "a header of 1 MB", b"Subject: " + b"a" * 1_000_000 + b"\r\n" + HEAD + PLAIN + b"x"
    yield "a folded header of 100,000 lines", b"Subject: a\r\n" + b" b\r\n" * 100_000 + HEAD + PLAIN + b"x"
    yield "100,000 headers", b"X-A: b\r\n" * 100_000 + HEAD + PLAIN + b"x"
    yield "encoded words", b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n" + HEAD + PLAIN + b"x"
    yield "half encoded words", b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\r\n" + HEAD + PLAIN + b"x"
    yield "parameters", HEAD + b"Content-Type: text/plain" + b"; a*0*=''b" * 50_000 + b"\r\n\r\nx"
    yield "recipients", b"To: " + b"a@b.example, " * 50_000 + b"\r\n" + HEAD + PLAIN + b"x"
    yield "references", b"References: " + b"<a@b.example> " * 50_000 + b"\r\n" + HEAD + PLAIN + b"x"
    yield "half references", b"References: " + b"<" * 200_000 + b"\r\n" + HEAD + PLAIN + b"x"
    for sign in b'("<@\\[':
        run = bytes([sign]) * 100_000
        yield f"a sender of {chr(sign)}", b"From: " + run + b"\r\nTo: us@mail.fairview.example\r\n" + PLAIN + b"x"
        yield f"failed recipients of {chr(sign)}", b"X-Failed-Recipients: " + run + b"\r\n" + HEAD + PLAIN + b"x"
        yield (
            f"failed recipients of {chr(sign)}, folded",
            b"X-Failed-Recipients: " + b"\r\n ".join([run[:70]] * 400) + b"\r\n" + HEAD,
        )
    yield "messages 3,000 deep", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + PLAIN + b"x"
    yield "ends of styles", HEAD + HTML + b"<style></STYLE>x" * 100_000
    yield "paragraphs of law", HEAD + PLAIN + b"this message is confidential for the intended recipient " * 50_000
    yield "marks of signatures", HEAD + PLAIN + b"--\r\nDana\r\n415-555-0134\r\n\r\n" * 50_000
    yield "addresses in a bounce", _bounce(b"550 user unknown a@b.example\r\n" * 30_000)
    yield "almost addresses in a bounce", _bounce(b"a" * 100_000 + b"@" + b"a." * 50_000)
    yield "reply codes in a bounce", _bounce(b"550 " * 100_000)
    yield (
        "status blocks",
        _report(b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" * 20_000),
    )
    yield "base64 of nothing", HEAD + b"Content-Transfer-Encoding: base64\r\n" + PLAIN + b"=" * 1_000_000
    yield "a bomb", HEAD + b"Content-Type: application/gzip; name=a.gz\r\n\r\n" + gzip.compress(b"\0" * 50_000_000)
    yield (
        "quoted-printable of nothing",
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n" + PLAIN + b"=\r\n" * 500_000,
    )
    for charset in (
        "idna",
        "punycode",
        "rot13",
        "zip",
        "utf-7",
        "unicode_escape",
        "undefined",
        "x" * 500,
        "utf-16",
        "hz",
    ):
        yield (
            f"charset {charset[:20]}",
            HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + b"a" * 200_000,
        )
    yield "nothing", b""
    yield "NUL", b"\0" * 100_000
    yield "line feeds", b"\n" * 1_000_000
    yield "carriage returns", b"\r" * 1_000_000
    yield "no end of headers", HEAD
    yield "only a body", b"\r\n\r\nSTOP"
    chance = random.Random(7)
    for n in range(20):
        yield f"noise {n}", chance.randbytes(20_000)
        yield f"noise of text {n}", bytes(chance.choices(b"ab <>@:;=?-\r\n\t\"'\\&#.0\xc3\xa9\x00", k=100_000))
    for n in range(40):
        yield f"a broken report {n}", _broken(chance)


def _nested(depth: int, *, same: bool = False) -> bytes:
    parts = []
    for n in range(depth):
        name = b"b" if same else b"b%d" % n
        parts.append(b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (name, name))
    return b"".join(parts) + PLAIN + b"I want to pay\r\n"


def _bounce(body: bytes) -> bytes:
    return (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n\r\n"
        + body
    )


def _report(status: bytes) -> bytes:
    head = b"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    return head + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + status + b"--b--\r\n"


def _broken(chance: random.Random) -> bytes:
    whole = _report(
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n" + base64.b64encode(b"x" * 300)
    )
    cut = bytearray(whole[: chance.randrange(len(whole))])
    for _ in range(chance.randrange(12)):
        if cut:
            cut[chance.randrange(len(cut))] = chance.randrange(256)
    return bytes(cut)
