"""The commands of these nouns, as typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from outreach import embedded
from outreach.context import Context
from outreach.staff import service as staff
from tests.nouns import cast


def _outreach(database: embedded.Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "outreach", *arguments],
        env={**os.environ, "OUTREACH_DATABASE_URL": database.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_users_add_prints_a_link_that_signs_in_once(database: embedded.Server, context: Context) -> None:
    done = _outreach(database, "users", "add", "ana@example.com", "--role", "case_manager", "--json")
    assert done.returncode == 0, done.stderr
    token = json.loads(done.stdout)["link"].rpartition("/")[2]
    async with context.session() as session:
        cookie = await staff.sign_in(session, now=context.now(), token=token)
        user = await staff.current(session, now=context.now(), token=cookie)
    assert user is not None
    assert (user.email, user.name, user.role) == ("ana@example.com", "Ana", "case_manager")


async def test_payments_import_says_what_it_did(database: embedded.Server, context: Context, tmp_path: Path) -> None:
    async with context.session() as session:
        await cast.account(session, now=context.now())
    file = tmp_path / "payments.csv"
    file.write_text(
        "account_ref,creditor,amount,paid_at,reference\n"
        "4471,Fairview Medical Group,600.00,2026-03-10,r1\n"
        "4471,Fairview Medical Group,6000000000000.00,2026-03-10,r2\n",
        encoding="utf-8",
    )
    done = _outreach(database, "payments", "import", str(file))
    assert done.returncode == 1, done.stderr
    assert "row 3, amount:" in done.stdout
    assert "1 payments and 0 reversals recorded ($600.00), 0 on file already, 1 refused" in done.stdout
    file.write_text(file.read_text().rpartition("4471")[0], encoding="utf-8")
    again = _outreach(database, "payments", "import", str(file), "--json")
    assert (again.returncode, json.loads(again.stdout)["known"]) == (0, 1)
