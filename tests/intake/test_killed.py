"""`kill -9` at random moments: the file given again goes on exactly where it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from outreach import embedded
from outreach.cli import _portfolio

_SUMS = """
select (select count(*) from account) as accounts, (select count(*) from debtor) as people,
  (select sum(amount_cents) from ledger_entry) as ledger, (select sum(balance_cents) from account) as balances,
  (select rows_taken from placement) as taken
"""


@pytest.mark.slow
def test_a_command_killed_ten_times_takes_every_row_once(
    database: embedded.Server, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "placement.csv"
    portfolio = _portfolio.make(accounts=30_000, seed=2, now=now)
    portfolio.write(path)
    environment = os.environ | {"OUTREACH_DATABASE_URL": database.url, "OUTREACH_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "outreach", "import", str(path)]
    rng = random.Random(5)
    for _ in range(10):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(3, 9))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
    with psycopg.connect(database.dsn) as connection:
        cursor = connection.execute(_SUMS)
        row: Any = cursor.fetchone()
        found = dict(zip([c.name for c in cursor.description or ()], row, strict=True))
    cents = sum(round(float(row["balance"]) * 100) for row in portfolio.rows)
    assert found == {
        "accounts": 30_000,
        "people": len({row["debtor_ref"] for row in portfolio.rows}),
        "ledger": cents,
        "balances": cents,
        "taken": 30_000,
    }
