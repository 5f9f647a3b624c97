"""Mail that no person wrote: bounces of many systems, complaints, receipts, challenges, automatic answers, spam."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from channels.contract import FailureClass, Forged, Hook, Inbound, Receipt, ReceiptState
from channels.email import addresses, hooks
from channels.email.read import read
from tests.channels.test_reading_replies import composed

DSN = """From: {sender}
To: {to}
Subject: {subject}
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

{words}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{status}

--b
Content-Type: message/rfc822

Message-ID: <{message}@mail.fairview.example>
From: service@mail.fairview.example
To: dana@mail.example
Subject: A message for you

hello
--b--
"""


def dsn(status: str, *, to: str = "bounces@x.example", words: str = "", message: str = "1") -> bytes:
    values = {"sender": "MAILER-DAEMON@mx.example", "subject": "Undelivered Mail Returned to Sender"}
    return DSN.format(status=status, to=to, words=words, message=message, **values).replace("\n", "\r\n").encode()


def fields(code: str, said: str, action: str = "failed") -> str:
    return (
        f"Final-Recipient: rfc822; dana@mail.example\nAction: {action}\nStatus: {code}\nDiagnostic-Code: smtp; {said}"
    )


STANDARD = [
    ("5.1.1", "550 5.1.1 User unknown", "failed", "bounce_hard"),
    ("5.1.2", "550 5.1.2 Host unknown", "failed", "bounce_hard"),
    ("5.1.10", "556 5.1.10 Null MX", "failed", "bounce_hard"),
    ("5.2.1", "550 5.2.1 The account is disabled", "failed", "bounce_hard"),
    ("5.0.0", "550 No such user here", "failed", "bounce_hard"),
    ("5.0.0", "550 sorry, no mailbox here by that name", "failed", "bounce_hard"),
    ("5.5.0", "550 Requested action not taken: mailbox unavailable", "failed", "bounce_hard"),
    (
        "5.4.1",
        "550 5.4.1 Recipient address rejected: Access denied. [AMS0EPF.eop.outlook.example]",
        "failed",
        "bounce_hard",
    ),
    ("5.7.1", "554 5.7.1 Recipient address rejected: Access denied", "failed", "bounce_soft"),
    ("5.2.2", "552 5.2.2 Mailbox full", "failed", "bounce_soft"),
    ("5.1.1", "552 5.2.2 Over quota", "failed", "bounce_soft"),  # the far system's own code counts
    ("4.2.2", "452 4.2.2 Over quota", "failed", "bounce_soft"),
    ("4.4.7", "delivery time expired", "failed", "bounce_soft"),
    ("5.4.4", "Host or domain name not found", "failed", "bounce_soft"),
    ("5.7.1", "550 5.7.1 Message rejected as spam", "failed", "bounce_soft"),
    ("5.7.26", "550 5.7.26 unauthenticated mail", "failed", "bounce_soft"),
    ("5.1.8", "553 5.1.8 Domain of sender address does not exist", "failed", "bounce_soft"),
    ("5.3.4", "552 5.3.4 Message too large", "failed", "bounce_soft"),
    ("4.4.1", "connection timed out", "delayed", "bounce_soft"),
    ("5.1.1", "550 5.1.1 User unknown", "delayed", "bounce_soft"),
    ("5.3.2", "521 5.3.2 System not accepting network messages", "failed", "bounce_hard"),  # RFC 7504
    (
        "5.7.1",
        "521 5.7.1 Service unavailable; client blocked",
        "failed",
        "bounce_soft",
    ),  # it says no more of the address
    ("5.7.27", "550 Host does not accept mail", "failed", "bounce_hard"),  # null MX, whatever the code
    ("5.0.0", "550 <dana@mail.example>: Recipient address rejected.", "failed", "bounce_hard"),
    ("5.7.1", "554 5.7.1 <dana@mail.example>: Recipient address rejected.", "failed", "bounce_soft"),
    ("5.0.0", "550 ** No mail box available for this user **", "failed", "bounce_hard"),
    ("2.0.0", "250 ok", "delivered", "delivery_receipt"),
    ("2.0.0", "250 ok", "relayed", "delivery_receipt"),
]


@pytest.mark.parametrize(("code", "said", "action", "kind"), STANDARD)
def test_a_standard_report_is_read(code, said, action, kind):
    mail = read(dsn(fields(code, said, action)))
    assert mail.kind == kind
    assert mail.bounced == (["dana@mail.example"] if kind == "bounce_hard" else [])
    assert mail.soft_bounced == (["dana@mail.example"] if kind == "bounce_soft" else [])


def test_the_fields_of_a_recipient_stand_in_any_order():
    said = "Diagnostic-Code: smtp; 550 5.1.1 No such user\nStatus: 5.1.1\nFinal-Recipient: rfc822; dana@mail.example\nAction: failed"
    assert read(dsn(said)).bounced == ["dana@mail.example"]


def test_recipients_without_an_empty_line_between_are_told_apart():
    full = fields("5.2.2", "552 5.2.2 Mailbox full").replace("dana@", "ana@")
    mail = read(dsn(f"{fields('5.1.1', '550 5.1.1 User unknown')}\n{full}"))
    assert (mail.bounced, mail.soft_bounced) == (["dana@mail.example"], ["ana@mail.example"])


#: in the words of systems that speak no English
WORDS = [
    ("宛先のユーザーがディレクトリで見つかりません", "bounce_hard"),
    ("メールボックスの容量を超えています", "bounce_soft"),
    ("原因不明のエラー", "bounce_soft"),
    ("收件人不存在", "bounce_hard"),
    ("收件人邮箱已满", "bounce_soft"),
    ("존재하지 않는 사용자", "bounce_hard"),
    ("Das Postfach ist voll, die Nachricht ist nicht zustellbar", "bounce_soft"),
    ("El buzón del destinatario está lleno", "bounce_soft"),
    ("El usuario no existe", "bounce_hard"),
    ("La boîte du destinataire est pleine", "bounce_soft"),
    ("Почтовый ящик переполнен", "bounce_soft"),
    ("Пользователь не существует", "bounce_hard"),
]


@pytest.mark.parametrize(("said", "kind"), WORDS)
def test_reports_speak_many_languages(said, kind):
    assert read(dsn(fields("5.0.0", said))).kind == kind


def test_a_reports_japanese_is_read_in_its_own_encoding():
    raw = dsn(fields("5.0.0", "ユーザーが見つかりません"))
    assert read(raw.decode().encode("iso2022_jp")).kind == "bounce_hard"


#: what two sessions said, and what it says of the address
SESSIONS = [
    (">>> DATA\n<<< 550 Unknown user dana@mail.example\n", "bounce_soft"),  # the mail was shown
    (
        ">>> DATA\n<<< 550 User unknown\n550 5.1.1 <dana@mail.example>... User unknown\n<<< 503 Need RCPT\n",
        "bounce_hard",
    ),
    (">>> RCPT To:<dana@mail.example>\n<<< 550 User unknown\n", "bounce_hard"),
]


@pytest.mark.parametrize(("session", "kind"), SESSIONS)
def test_it_matters_what_the_answer_was_to(session, kind):
    assert read(dsn(fields("5.0.0", "550 User unknown"), words=session)).kind == kind


PLAIN = [
    ("failure notice", "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to "
     "the following addresses.\n\n<dana@mail.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n", "bounce_hard"),
    ("Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\n"
     "  dana@mail.example\n    host mx.mail.example [192.0.2.1]: 550 5.1.1 unknown user\n", "bounce_hard"),
    ("Returned mail: User unknown", "   ----- The following addresses had permanent fatal errors -----\n<dana@mail.example>\n"
     "   ----- Transcript of session follows -----\n550 <dana@mail.example>... User unknown\n", "bounce_hard"),
    ("Undeliverable: hello", "Your message did not reach some or all of the intended recipients.\n\n dana@mail.example on "
     "11/23/2026 10:12 AM\n  The e-mail account does not exist at the organization this message was sent to.\n", "bounce_hard"),
    ("Undelivered Mail Returned to Sender", "I'm sorry to have to inform you\n\n<dana@mail.example>: host mx.mail.example "
     "said: 552 Mailbox is full\n", "bounce_soft"),
    ("Delivery failure", "Your message to dana@mail.example was rejected by our spam filter. 554 5.7.1\n", "bounce_soft"),
    ("Unzustellbar", "Ihre Nachricht an dana@mail.example konnte nicht zugestellt werden: 550 Empfänger unbekannt\n", "bounce_hard"),
    ("Warning: could not send message for past 4 hours", "THIS IS A WARNING MESSAGE ONLY\nYOU DO NOT NEED TO RESEND\n"
     "<dana@mail.example>... Deferred: Connection timed out\n", "bounce_soft"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "body", "kind"), PLAIN)
def test_a_report_in_plain_words_is_read(subject, body, kind):
    head = f"From: MAILER-DAEMON@mx.example\r\nTo: x@y.example\r\nSubject: {subject}\r\nReturn-Path: <>\r\n"
    mail = read((head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body).encode())
    assert mail.kind == kind
    assert [*mail.bounced, *mail.soft_bounced] == ["dana@mail.example"]


def test_a_notification_of_a_delivery_is_a_receipt():
    told = {"notificationType": "Delivery", "mail": {"destination": ["dana@mail.example"]}}
    told["delivery"] = {"recipients": ["dana@mail.example"], "smtpResponse": "250 2.6.0 Message received"}
    head = "From: no-reply@sns.amazonaws.example\r\nTo: x@y.example\r\nSubject: Notification\r\n\r\n"
    mail = read((head + json.dumps(told)).encode())
    assert (mail.kind, mail.bounced) == ("delivery_receipt", [])


#: what the far server answered, at which point, and what it means
EXIM = [
    ("after RCPT TO:<dana@mail.example>", "550 5.1.1 User unknown", "bounce_hard"),
    ("after RCPT TO:<dana@mail.example>", "550 Unrouteable address", "bounce_hard"),
    ("after RCPT TO:<dana@mail.example>", "552 5.2.2 Mailbox is over quota", "bounce_soft"),
    ("after RCPT TO:<dana@mail.example>", "550 5.7.1 blocked using zen.spamhaus.org", "bounce_soft"),
    ("after RCPT TO:<dana@mail.example>", "550 5.7.1 Relaying denied", "bounce_soft"),
    (
        "after RCPT TO:<dana@mail.example>",
        "550-Verification failed for <x@y.example>\n    550 No such user",
        "bounce_soft",
    ),
    ("after RCPT TO:<dana@mail.example>", "451 4.3.0 Temporary lookup failure", "bounce_soft"),
    ("after end of data", "550 5.1.1 User unknown", "bounce_hard"),
    # the recipient had been taken: a filter speaks, unless a code names the address
    ("after end of data", "550 No such recipient here", "bounce_soft"),
    ("after end of data", "554 5.7.1 Message rejected as spam", "bounce_soft"),
]


@pytest.mark.parametrize(("stage", "said", "kind"), EXIM)
def test_the_answer_on_the_next_line_decides(stage, said, kind):
    raw = (
        "X-Failed-Recipients: dana@mail.example\nFrom: Mailer-Daemon@mx.example\nTo: x@y.example\n"
        "Subject: Mail delivery failed: returning message to sender\n\nThis message was created automatically.\n\n"
        "  dana@mail.example\n    host mx.mail.example [192.0.2.1]\n"
        f"    SMTP error from remote mail server {stage}:\n    {said}\n"
    )
    mail = read(raw.encode())
    assert (mail.kind, [*mail.bounced, *mail.soft_bounced]) == (kind, ["dana@mail.example"])


def test_each_recipient_has_the_reason_that_stands_below_it():
    raw = (
        "X-Failed-Recipients: one@m.example, two@m.example\nFrom: Mailer-Daemon@mx.example\nTo: x@y.example\n"
        "Subject: Mail delivery failed\n\n  one@m.example\n    host m.example [192.0.2.1]\n    SMTP error from remote mail "
        "server after RCPT TO:<one@m.example>:\n    550 5.1.1 User unknown\n  two@m.example\n    host m.example\n    SMTP "
        "error from remote mail server after RCPT TO:<two@m.example>:\n    552 5.2.2 Mailbox is over quota\n"
    )
    mail = read(raw.encode())
    assert (mail.bounced, mail.soft_bounced) == (["one@m.example"], ["two@m.example"])


def test_a_person_who_quotes_a_bounce_is_a_person():
    body = "I got this back:\n> 550 5.1.1 <dana@mail.example> User unknown\nWhat now?"
    mail = read(composed(body, subject="Re: Undelivered Mail Returned to Sender"))
    assert (mail.kind, mail.bounced) == ("reply", [])


def arf(
    kind: str = "abuse", rcpt: str = "Original-Rcpt-To: dana@mail.example\n", message: str = "1", to: str = "dana"
) -> bytes:
    return (
        "From: feedback@isp.example\nTo: fbl@x.example\nSubject: FW: hello\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\nContent-Type: text/plain\n\nabuse\n'
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\n{rcpt}\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: <{message}@mail.fairview.example>\nTo: {to}@mail.example\n\nx\n--b--\n"
    ).encode()


def test_a_complaint_names_who_complained_unless_it_hides_it():
    assert (read(arf()).kind, read(arf()).bounced) == ("complaint", ["dana@mail.example"])
    assert read(arf(rcpt="")).bounced == ["dana@mail.example"]
    assert read(arf(rcpt="Original-Rcpt-To: redacted@isp.example\n", to="redacted")).bounced == []
    assert read(arf("auth-failure")).bounced == []


def test_every_complainer_is_named():
    named = "Original-Rcpt-To: <dana@mail.example>\nOriginal-Rcpt-To: lee@mail.example\n"
    assert read(arf(rcpt=named)).bounced == ["dana@mail.example", "lee@mail.example"]


def test_amazon_tells_of_a_complaint():
    told = (
        '{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"dana@mail.example"}]}}'
    )
    mail = read(b"From: no-reply@sns.example\r\nTo: x@y.example\r\nSubject: Notification\r\n\r\n" + told.encode())
    assert (mail.kind, mail.bounced) == ("complaint", ["dana@mail.example"])


MDN = (
    b"From: dana@mail.example\r\nSubject: Read: A message for you\r\n"
    b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\n\r\nYour message was read\r\n'
    b"--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
)

#: subject, body, headers, kind
OTHERS = [
    ("Automatic reply: A message for you", "I am out of the office until Monday.", {}, "auto_reply"),
    ("Re: A message for you", "Back on Monday.", {"Auto-Submitted": "auto-replied"}, "auto_reply"),
    ("Re: A message for you", "Back on Monday.", {"X-Autoreply": "yes"}, "auto_reply"),
    ("Abwesenheitsnotiz: Nachricht", "Ich bin bis Montag nicht im Büro.", {}, "auto_reply"),
    ("Réponse automatique : message", "Je suis absente jusqu'à lundi.", {}, "auto_reply"),
    ("Respuesta automática: mensaje", "Estoy fuera de la oficina.", {}, "auto_reply"),
    ("[Ticket #4711] Your request has been received", "We have received your request. Do not reply to this email.", {}, "auto_reply"),
    ("Please confirm your message", "I use an anti-spam system. Please click the link below to confirm that your message is "
     "delivered: http://x.example/c", {}, "challenge"),
    ("Read: A message for you", "Your message to Dana was read on 11/23/2026.", {}, "read_receipt"),
    ("Delivered: A message for you", "Your message has been delivered to the following recipients.", {}, "delivery_receipt"),
    ("Weekly news", "The news of the week.", {"List-Id": "<news.shop.example>", "Precedence": "bulk"}, "spam"),
    ("LOW MORTGAGE RATES!!!", "Dear friend, click here to claim your prize: http://192.0.2.1/x To be removed from our mailing "
     "list click here. This is not spam.", {}, "spam"),
    ("Payment", "I am out of work until Monday and will pay then. Please stop calling, click or not.", {}, "reply"),
    ("Re: A message for you", "Unsubscribe me from your mailing list, I will not pay.", {"In-Reply-To": "<1@x.example>"}, "reply"),
    ("My bill", "Hello, can I pay $50 on Friday? My number is 415-555-0134. Thank you, Dana", {}, "reply"),
    ("unsubscribe", "Apple Mail sent this email to unsubscribe from the message “x”.",
     {"Auto-Submitted": "auto-replied", "X-Apple-Unsubscribe": "true"}, "reply"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "body", "headers", "kind"), OTHERS)
def test_who_wrote_this(subject, body, headers, kind):
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    assert read(composed(body, subject=subject, **named)).kind == kind


def test_a_read_receipt_is_one():
    assert read(MDN).kind == "read_receipt"


def event(raw: bytes, *, recipient: str) -> Receipt | Inbound | None:
    found = hooks.parse(hooks.mail_hook(raw, recipient=recipient), secret="s")
    return found[0] if found else None


class TestWhatItMeansForUs:
    message = uuid4()

    def address(self, attempt: int = 2) -> str:
        return addresses.bounce_address(secret="s", message_id=self.message, attempt=attempt, domain="b.example")

    def test_a_signed_bounce_is_news_of_that_attempt(self):
        told = event(dsn(fields("5.1.1", "550 5.1.1 User unknown")), recipient=self.address())
        assert (told.message_id, told.attempt, told.state) == (self.message, 2, ReceiptState.FAILED)
        assert (told.failure, told.address, told.code) == (FailureClass.PERM_ADDR, "dana@mail.example", "5.1.1")

    def test_an_unsigned_or_forged_bounce_changes_nothing(self):
        raw = dsn(fields("5.1.1", "550 5.1.1 User unknown"))
        assert event(raw, recipient="bounces@b.example") is None
        assert event(raw, recipient=self.address().replace(".2.", ".3.")) is None

    def test_a_delay_is_no_failure(self):
        told = event(dsn(fields("4.4.1", "timed out", "delayed")), recipient=self.address())
        assert (told.state, told.failure) == (ReceiptState.SENDING, None)

    def test_our_own_fault_never_blames_the_address(self):
        told = event(dsn(fields("5.7.26", "550 5.7.26 unauthenticated")), recipient=self.address())
        assert told.failure is FailureClass.SENDER

    def test_a_delivery_receipt_says_delivered(self):
        told = event(dsn(fields("2.0.0", "250 ok", "delivered")), recipient=self.address())
        assert told.state is ReceiptState.DELIVERED

    def test_a_complaint_is_believed_by_its_message_id(self):
        told = event(arf(message=str(self.message)), recipient="fbl@x.example")
        assert (told.complaint, told.message_id, told.address) == (True, self.message, "dana@mail.example")

    def test_an_answer_carries_its_token_and_a_repeat_has_the_same_id(self):
        raw = composed("How much?", In_Reply_To="<9@mail.fairview.example>")
        heard = event(raw, recipient="reply+QWERTYuiop12345@mail.fairview.example")
        assert (heard.token, heard.text, heard.sender) == ("QWERTYuiop12345", "How much?", "dana@mail.example")
        assert heard.in_reply_to == ["<9@mail.fairview.example>"]
        again = event(b"Received: from x\r\n" + raw, recipient="reply+QWERTYuiop12345@mail.fairview.example")
        assert again.provider_id == heard.provider_id

    def test_mail_to_the_unsubscribe_address_is_a_stop(self):
        heard = event(composed("", subject="whatever"), recipient="unsub+QWERTYuiop12345@mail.fairview.example")
        assert (heard.opt_out_type, heard.token) == ("STOP", "QWERTYuiop12345")

    def test_what_stands_in_the_subject_alone_is_heard(self):
        assert event(composed("\n", subject="STOP"), recipient="x@y.example").text == "STOP"

    def test_mail_does_not_come_in_by_the_web(self):
        with pytest.raises(Forged):
            hooks.verify(Hook(method="POST", url="https://x.example/hooks/email", headers={}, body=b""))
