"""What a person newly wrote, out of everything their mail program put around it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.email.read import Mail, read

REPLIES = yaml.safe_load((Path(__file__).parent / "replies.yaml").read_text(encoding="utf-8"))


def composed(body: str, *, subject: str = "Re: A message for you", html: str = "", **headers: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "Dana <dana@mail.example>", "service@mail.fairview.example"
    message["Subject"], message["Date"] = subject, "Mon, 23 Nov 2026 11:00:00 -0600"
    message["Message-ID"] = "<1@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def only_html(html: str, **values: str) -> Mail:
    raw = composed("placeholder", **values).replace(b"Content-Type: text/plain", b"Content-Type: text/html")
    head, _, _ = raw.partition(b"\r\n\r\n")
    head = head.replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: 8bit")
    return read(head + b"\r\n\r\n" + html.encode())


@pytest.mark.parametrize("case", REPLIES, ids=lambda c: f"{c['program']}: {c['text'][:20]}")
def test_only_what_is_new_is_read(case: dict[str, Any]) -> None:
    mail = read(composed(case["body"]))
    assert mail.kind == "reply"
    assert " ".join(mail.text.split()) == " ".join(case["text"].split())
    assert mail.lang == case["lang"]
    assert not mail.problems


@pytest.mark.parametrize("case", [c for c in REPLIES if c["program"] != "none"][:24], ids=lambda c: c["program"])
def test_the_same_words_as_html_alone(case: dict[str, Any]) -> None:
    html = "<html><body><div>" + escape(case["body"]).replace("\n", "<br>\n") + "</div></body></html>"
    assert " ".join(only_html(html).text.split()) == " ".join(case["text"].split())


PAGES = [
    ('<div dir="ltr">Yes</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 23, 2026 at 10:12 AM F '
     '&lt;<a href="mailto:f@x.example">f@x.example</a>&gt; wrote:<br></div><blockquote>Good morning</blockquote></div>', "Yes"),
    ('<div>No thanks</div><hr><div id="divRplyFwdMsg"><b>From:</b> F</div><div>Good morning</div>', "No thanks"),
    ('<div class="WordSection1"><p class="MsoNormal">Stop it</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
     'padding:3.0pt 0in 0in 0in"><p><b>From:</b> F<br><b>Sent:</b> Monday</p></div><p>Good morning</p></div>', "Stop it"),
    ('I agree<br><br>Sent from my iPhone<div><br><blockquote type="cite">On Nov 23, 2026, at 10:12 AM, F wrote:<br>'
     'Hello</blockquote></div>', "I agree"),
    ('<style>p {color: red}</style><p>One</p><p>Two &amp; three&nbsp;four</p>', "One Two & three four"),
    ('<blockquote>what do you say?</blockquote><p>I say no</p>', "I say no"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), PAGES)
def test_the_marks_of_mail_programs_in_html_are_known(html, text):
    assert " ".join(only_html(html).text.split()) == text


SUBJECTS = [
    ("STOP", "", "STOP"),
    ("Please stop emailing me", "Sent from my iPhone", "Please stop emailing me"),
    ("Payment plan of $40 a month?", "see subject", "Payment plan of $40 a month?"),
    ("Question", "How much do I owe?", ""),
    ("Re: A message for you", "", ""),
    ("Re: A message for you", "How much?", ""),
    ("I dispute this debt", "As I told you before.", "I dispute this debt"),
]


@pytest.mark.parametrize(("subject", "body", "request_"), SUBJECTS)
def test_a_request_in_the_subject_is_seen(subject, body, request_):
    assert read(composed(body or "\n", subject=subject)).subject_text == request_


CHARSETS = [
    ("utf-8", "Mañana pago, señor — 50€"),
    ("iso-8859-1", "Mañana pago, señor"),
    ("windows-1252", "It’s “fine”"),
    ("iso-8859-15", "50€"),
    ("koi8-r", "Не пишите мне"),
    ("gb2312", "我不欠钱"),
    ("shift_jis", "払いません"),
    ("iso-2022-jp", "払いません"),
    ("euc-kr", "안녕하세요"),
    ("utf-16", "I will pay"),
]


@pytest.mark.parametrize(("charset", "words"), CHARSETS)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_every_character_set_is_read(charset, words, encoding):
    import base64
    import quopri

    body = words.encode(charset)
    coded = {"8bit": body, "base64": base64.encodebytes(body), "quoted-printable": quopri.encodestring(body)}[encoding]
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert read(head.encode() + coded).text == words


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("us-ascii", "señor".encode()),
        ("iso-8859-1", "señor".encode()),  # it is UTF-8, whatever it says
        ("utf-8", "señor".encode("cp1252")),
        ("no-such-charset", "señor".encode()),
        ("", "señor".encode()),
        ("utf-8", "señor".encode().decode("cp1252").encode()),  # encoded twice
        ("utf-8", b"\xef\xbb\xbf" + "señor".encode()),
    ],
)
def test_a_mail_that_lies_about_its_character_set_is_read_as_well(declared, body):
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={declared}\r\n\r\n".encode()
    assert read(head + body).text == "señor"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Se=C3=B1or?=", "Señor"),
        (b"=?utf-8?b?U2XDsW9y?= =?utf-8?q?_Dana?=", "Señor Dana"),
        (b"=?iso-8859-1?q?Se=F1or?= and more", "Señor and more"),
        ("Señor".encode(), "Señor"),
        (b"=?utf-8?b?not base64 at all", "=?utf-8?b?not base64 at all"),
        (b"folded\r\n subject", "folded subject"),
    ],
)
def test_subjects_are_decoded(raw, subject):
    assert read(b"From: a@b.example\r\nSubject: " + raw + b"\r\n\r\nhello there").subject == subject


def test_attachments_are_named_kept_and_no_words():
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "a@b.example", "proof"
    message.set_content("Here is the receipt")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Beleg für März.pdf")
    message.add_attachment("STOP", filename="../../etc/passwd")
    mail = read(message.as_bytes())
    assert mail.text == "Here is the receipt"
    assert [(a.name, a.content[:4]) for a in mail.attachments] == [
        ("Beleg für März.pdf", b"%PDF"),
        (".._.._etc_passwd", b"STOP"),
    ]
