"""An evidence pack holds what is on file, reads well, and its own script finds every change, offline."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach import audit
from outreach.context import Context
from outreach.reports import evidence, evidence_pack, evidence_verify
from tests import cast
from tests.evidence import ledger


@pytest.fixture
async def about(context: Context, now: datetime) -> evidence.About:
    """Dana's debt and what happened with it; beside her a stranger whose rows share the links."""
    async with context.session() as session:
        dana, other = await cast.person(session, now=now), await cast.debtor(session, now=now, ref="other")
        message = await ledger.sent(session, at=now, debtor_id=dana, text=ledger.WORDS + " <b>not bold</b>")
        heard = await ledger.heard(session, at=now + timedelta(minutes=1), debtor_id=dana, text="STOP")
        await ledger.insert(
            session,
            "provider_receipt",
            channel="sms",
            event_key="1",
            provider_id="SM1",
            message_id=message,
            state="delivered",
            at=now,
        )
        await ledger.insert(
            session, "consent", debtor_id=dana, kind="refusal", scope="medium", medium="sms", at=now, via="sms", words="STOP",
            message_id=heard,
        )  # fmt: skip
        await ledger.insert(
            session, "attachment", message_id=heard, name="../../letter.pdf", content_type="application/pdf", size=3,
            sha256=hashlib.sha256(b"pdf").hexdigest(), content=b"pdf",
        )  # fmt: skip
        await ledger.run(
            session,
            "insert into ledger_entry (account_id, at, kind, amount_cents) select id, created_at, 'principal', balance_cents from account",
        )
        await ledger.insert(
            session,
            "cases",
            debtor_id=dana,
            reason="complaint",
            priority="normal",
            status="open",
            opened_at=now,
            due_at=now,
        )
        await ledger.run(
            session,
            "insert into case_event (case_id, at, actor, kind) select id, opened_at, 'system', 'opened' from cases",
        )
        for who in (dana, other):
            await audit.record(session, now=now, actor="staff:1", action="note", debtor_id=who, why="called")
        await ledger.decision(session, message_id=None, debtor_id=other, at=now)
    async with context.engine.connect() as connection:
        return await evidence.about_account(connection, ref="FMG-000001")


async def _pack(context: Context, about: evidence.About, folder: Path, now: datetime) -> dict[str, Any]:
    for _ in range(2):
        async with context.engine.begin() as connection:
            await audit.seal(connection, now=now, secret=context.key)
    async with context.engine.connect() as connection:
        found = await evidence.gather(connection, about=about)
        files = await evidence.attachments(connection, messages=found["messages"])
    evidence_pack.write(folder, found=found, files=files, now=now, secret=context.key)
    return found


@pytest.fixture
async def pack(context: Context, about: evidence.About, now: datetime, tmp_path: Path) -> Path:
    await _pack(context, about, tmp_path / "pack", now)
    return tmp_path / "pack"


async def test_a_pack_holds_everything_of_the_person_and_nothing_of_another(
    context: Context, about: evidence.About, pack: Path
) -> None:
    shown = json.loads((pack / "evidence.json").read_text())
    filled = {noun for noun in (*evidence.NOUNS, "audit", "decisions", "attachments") if shown[noun]}
    assert filled == {
        "person", "accounts", "creditors", "ledger", "contact_points", "consents", "messages", "attempts", "receipts", "cases",
        "case_events", "audit", "decisions", "attachments",
    }  # fmt: skip
    assert {row["debtor_id"] for row in shown["audit"] + shown["decisions"]} == {about.debtor_id}
    [link] = [each for each in json.loads((pack / "links.json").read_text()) if "audit_entry" in each]
    assert len(link["audit_entry"]) == 2  # the stranger's row is there as a hash only


def test_the_page_shows_words_as_sent_and_runs_none_of_them(pack: Path) -> None:
    page = (pack / "evidence.html").read_text()
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "It may go." in page
    assert "script" not in page


def test_an_untouched_pack_verifies_offline_without_our_software(pack: Path, context: Context, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(context.key)
    for options in ([], ["--key", str(tmp_path / "key")]):
        done = subprocess.run(
            [sys.executable, "-I", "-S", pack / "verify.py", *options], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Everything is as it was written.")


def _rewritten(pack: Path, name: str, change: Callable[[Any], Any]) -> None:
    """A file changed with care: the manifest is made to agree, so that only what is inside can tell."""
    path = pack / name
    lines = path.read_text().splitlines() if name.endswith("l") else None
    value = [json.loads(line) for line in lines] if lines is not None else json.loads(path.read_text())
    change(value)
    path.write_text("".join(json.dumps(row) + "\n" for row in value) if lines is not None else json.dumps(value))
    manifest = json.loads((pack / "manifest.json").read_text())
    manifest["files"][name] = evidence_verify.sha(path.read_bytes())
    manifest["fingerprint"] = evidence_verify.fingerprint(manifest["files"])
    (pack / "manifest.json").write_text(json.dumps(manifest))


CAREFUL: list[tuple[str, Callable[[Any], Any]]] = [
    ("evidence.json", lambda e: e["messages"][0].update(text="Something milder.")),
    ("evidence.json", lambda e: e["audit"][0].update(why="never called")),
    ("evidence.json", lambda e: e["audit"].pop()),
    ("evidence.json", lambda e: e["decisions"][0].update(decision="deny")),
    ("evidence.json", lambda e: e["decisions"][0]["facts"].update(added=1)),
    ("evidence.json", lambda e: e["ledger"][0].update(amount_cents=1)),
    ("rows.jsonl", lambda rows: rows[0].update(text=rows[0]["text"].replace("called", "missed"))),
    ("rows.jsonl", lambda rows: rows.pop()),
    ("links.json", lambda links: links[0]["audit_entry"].reverse()),
    ("links.json", lambda links: links[0]["audit_entry"].pop()),
    ("links.json", lambda links: links[0].update(at="2020-01-01 00:00:00+00:00")),
    ("links.json", lambda links: links[-1].update(previous="0")),
    ("links.json", lambda links: links.pop(0)),
]


def test_every_careful_change_is_found_by_what_is_inside(pack: Path, tmp_path: Path) -> None:
    missed = []
    for number, (name, change) in enumerate(CAREFUL):
        copy = shutil.copytree(pack, tmp_path / str(number))
        _rewritten(copy, name, change)
        if not list(evidence_verify.problems(copy, None)):
            missed.append(number)
    assert missed == []


def test_any_changed_missing_or_added_file_is_found(pack: Path) -> None:
    names = [p for p in sorted(pack.rglob("*")) if p.is_file() and p.name != "manifest.json"]
    assert len(names) == 7
    for path in names:
        was = path.read_bytes()
        path.write_bytes(was + b" ")
        assert any("is not the file" in sentence for sentence in evidence_verify.problems(pack, None))
        path.write_bytes(was)
    (pack / "extra.txt").write_text("x")
    assert list(evidence_verify.problems(pack, None)) == ["extra.txt was added"]


def test_a_pack_made_anew_without_the_key_is_not_signed(pack: Path, context: Context) -> None:
    _rewritten(pack, "evidence.json", lambda e: e["consents"].clear())
    assert (
        list(evidence_verify.problems(pack, None)) == []
    )  # hashes alone cannot tell: hence the fingerprint and the key
    assert list(evidence_verify.problems(pack, context.key)) == ["the manifest was not signed with this key"]


async def test_a_case_pack_is_about_its_case(context: Context, about: evidence.About) -> None:
    async with context.engine.connect() as connection:
        case = await evidence.about_case(connection, case_id=1)
        found = await evidence.gather(connection, about=case)
    assert (case.debtor_id, list(case.accounts)) == (about.debtor_id, list(about.accounts))
    assert [row["reason"] for row in found["cases"]] == ["complaint"]


async def test_what_nobody_has_is_said_to_be_unknown(context: Context, about: evidence.About) -> None:
    async with context.engine.connect() as connection:
        with pytest.raises(evidence.NoAccountError):
            await evidence.about_account(connection, ref="nobody's")
        with pytest.raises(evidence.NoCaseError):
            await evidence.about_case(connection, case_id=99)
