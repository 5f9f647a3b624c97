"""Readers trained here: made by a job, put in force by a person, followed by every process. Nothing changes silently."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from dialogs.understand import labels, model
from outreach import audit, db
from outreach.context import Context
from outreach.conversations.retraining import fallen
from outreach.errors import OutreachError

log = structlog.get_logger()

TRAIN = "reader.train"
#: seconds after which a process looks whether another reader is in force
LOOKS_EVERY = 15.0

_LABELS = """
select distinct on (message_id) id, words, language, medium, intent from reader_label order by message_id, id desc
"""
_ALL = """
select id, at, actor, hash, fingerprint, labels, figures, status, why, put_at, put_by from reader_artefact
order by id desc limit 12
"""


class NotReadyError(OutreachError):
    """This reader cannot be put in force: its figures fell below the bars, or it was made for another release."""

    status = 409


async def labels_in_force(session: AsyncSession) -> list[dict[str, Any]]:
    """What colleagues say, in the form of the development set."""
    return [_as_message(row) for row in await db.rows(session, _LABELS)]


def _as_message(row: Any) -> dict[str, Any]:
    must = [row["intent"]] if row["intent"] in labels.CRITICAL else []
    return {
        "id": f"label{row['id']}", "text": row["words"], "lang": row["language"], "channel": row["medium"],
        "expecting": None, "intent": row["intent"], "also": [], "must": must, "critical": bool(must), "slots": {},
        "slots_checked": False, "voice": f"colleague{row['id'] % 5}", "split": "train", "source": "relabelled",
    }  # fmt: skip


async def train(context: Context, *, actor: str) -> str:
    """Train with all labels, measure, keep; returns `ready` or `refused`. Minutes of one core, in a process of its own."""
    async with context.session() as session:
        more = await labels_in_force(session)
    with tempfile.TemporaryDirectory(prefix="outreach-reader-") as folder:
        said, target = Path(folder) / "labels.jsonl", Path(folder) / "weights.npz"
        said.write_text("".join(json.dumps(m, ensure_ascii=False) + "\n" for m in more), encoding="utf-8")
        command = [sys.executable, "-m", "outreach.conversations.retraining", str(said), str(target)]
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await child.communicate()
        if child.returncode:
            raise RuntimeError(f"training ended with {child.returncode}")
        result, weights = json.loads(out), target.read_bytes()
    missed = fallen(result["figures"])
    status = "refused" if missed else "ready"
    async with context.session() as session:
        await session.execute(
            sa.text(
                "insert into reader_artefact (at, actor, hash, fingerprint, labels, figures, status, why, weights)"
                " values (:now, :actor, :hash, :fingerprint, :labels, cast(:figures as jsonb), :status, :why, :weights)"
                " on conflict (hash) do nothing"
            ),
            {
                "now": context.now(),
                "actor": actor,
                "hash": result["hash"],
                "fingerprint": result["fingerprint"],
                "labels": len(more),
                "figures": json.dumps({**result["figures"], "shipped": result["shipped"]}),
                "status": status,
                "why": "; ".join(missed),
                "weights": weights,
            },
        )
        await audit.record(
            session, now=context.now(), actor=actor, action="reader.trained", subject=result["hash"][:12], status=status
        )
    log.info("reader_trained", hash=result["hash"][:12], labels=len(more), status=status)
    return status


async def artefacts(session: AsyncSession) -> list[dict[str, Any]]:
    """The newest first; `fits` this release."""
    return [{**row, "fits": row["fingerprint"] == model.fingerprint()} for row in await db.rows(session, _ALL)]


async def put_in_force(session: AsyncSession, *, artefact_id: int | None, now: datetime, actor: str) -> None:
    """From now on every process reads with this one; None: with the shipped reader again. Raises NotReadyError."""
    await session.execute(sa.text("update reader_artefact set status = 'retired' where status = 'in_force'"))
    named = "shipped"
    if artefact_id is not None:
        found = await db.one(
            session,
            "update reader_artefact set status = 'in_force', put_at = :now, put_by = :actor"
            " where id = :id and status in ('ready', 'retired') and fingerprint = :fingerprint returning hash",
            id=artefact_id,
            now=now,
            actor=actor,
            fingerprint=model.fingerprint(),
        )
        if found is None:
            raise NotReadyError
        named = found["hash"][:12]
    await audit.record(session, now=now, actor=actor, action="reader.put_in_force", subject=named)


_followed: dict[str, Any] = {"hash": None, "looked": -LOOKS_EVERY}


async def follow(session: AsyncSession, *, at_once: bool = False) -> None:
    """Read with the reader in force; asks the database every few seconds at most."""
    if not at_once and time.monotonic() - _followed["looked"] < LOOKS_EVERY:
        return
    _followed["looked"] = time.monotonic()
    row = await db.one(
        session,
        "select hash from reader_artefact where status = 'in_force' and fingerprint = :f",
        f=model.fingerprint(),
    )
    wanted = row["hash"] if row else None
    if wanted == _followed["hash"]:
        return
    weights = await session.scalar(sa.text("select weights from reader_artefact where hash = :h"), {"h": wanted})
    model.adopt(bytes(weights) if weights else None)
    _followed["hash"] = wanted
    log.info("reader_followed", hash=(wanted or "shipped")[:12])


def forget() -> None:
    """Look anew next time."""
    _followed.update(hash=None, looked=-LOOKS_EVERY)
