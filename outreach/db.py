"""Engine, session and base columns. PostgreSQL 15 or newer is the only engine.

Nobody below an edge commits: `session()` commits once when its block ends well, and rolls back otherwise.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, cast

import msgspec
import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel

from outreach import embedded
from outreach.settings import Settings

# Constraint names are part of errors and migrations: make them predictable.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


#: The database cannot be reached or cannot commit; later the same statement may work. Anything else is the statement's fault.
OUTAGE = (
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.InternalError,
    sa.exc.TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
    OSError,
)
#: Advisory lock space of persons (two-key form): shared while a send is under way, exclusive to silence.
PERSON_LOCK = 7001
#: And of decisions about them: one batch at a time.
DECISION_LOCK = 7002
#: And of workers: shared, held by the session that gives a worker its permissions, for as long as its process lives.
WORKER_LOCK = 7003
#: And of what providers bring: one delivery of a message at a time.
INBOUND_LOCK = 7004
#: A process that stops in the middle of a transaction must not hold its locks for ever: the database ends its session.
LONGEST_PAUSE = "15s"


@sa.event.listens_for(sa.Table, "after_parent_attach")
def _give_server_defaults(table: sa.Table, _: sa.MetaData) -> None:
    """A Python default is the database's too, so that COPY and plain SQL may leave the column out."""
    for column in table.columns:
        default: Any = column.default
        if default is None or column.server_default is not None:
            continue
        value = default.arg(None) if default.is_callable else default.arg
        if isinstance(value, bool):
            literal = "true" if value else "false"
        elif isinstance(value, int | float):
            literal = str(value)
        elif isinstance(value, str):
            literal = "'" + value.replace("'", "''") + "'"
        elif isinstance(value, dict | list):
            literal = "'{}'" if isinstance(column.type, sa.ARRAY) or isinstance(value, dict) else "'[]'"
        else:
            continue
        column.server_default = sa.DefaultClause(sa.text(literal))


class Row(SQLModel):
    """Base of every table with a numeric key."""

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)


def moment(*, default: Any = ..., index: bool = False) -> Any:
    """A `timestamptz` column; required unless a default is given."""
    return Field(default=default, sa_type=sa.DateTime(timezone=True), index=index)


def cents(*, default: Any = ...) -> Any:
    """Integer cents: never a float, never a Decimal."""
    return Field(default=default, sa_type=sa.BigInteger)


def json(*, default: Any = dict) -> Any:
    return Field(default_factory=default, sa_type=JSONB)


def key(target: str, *, default: Any = ..., index: bool = False) -> Any:
    """A foreign key to `table.id`."""
    return Field(default=default, sa_type=sa.BigInteger, foreign_key=target, index=index)


def one_of(column: str, words: type[Any] | list[str], name: str | None = None) -> sa.CheckConstraint:
    """The words a status column may hold."""
    allowed = ", ".join(f"'{w}'" for w in words)
    return sa.CheckConstraint(f"{column} in ({allowed})", name=name or column)


class Setting(SQLModel, table=True):
    """Cluster-wide values: clock offset, kill switches, release holds."""

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSONB)


def url(settings: Settings) -> str:
    """The configured database, or the embedded one (started when nobody runs it yet)."""
    if settings.database_url:
        scheme, _, rest = settings.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else settings.database_url
    return embedded.start(settings.data_dir).url


def engine(database_url: str, *, pool_size: int = 10, planned_once: bool = False) -> AsyncEngine:
    """`planned_once`: for the same few statements all day long, each by an index whatever its values; planning them anew costs
    more than running them, and grows with the tables."""
    plans = " -c plan_cache_mode=force_generic_plan" if planned_once else ""
    # A COPY whose sender was stopped in the middle is no idle transaction.
    plans += f" -c statement_timeout={LONGEST_PAUSE}" if planned_once else ""
    return create_async_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        json_deserializer=msgspec.json.decode,
        pool_recycle=15 * 60,  # seconds; a backend's caches only grow, and this gives them back
        pool_use_lifo=True,  # the same few connections do the work, and have its statements prepared
        hide_parameters=True,  # they are names, numbers and words people wrote; errors end in logs
        connect_args={
            "options": f"-c timezone=UTC -c idle_in_transaction_session_timeout={LONGEST_PAUSE}{plans}",
            "prepare_threshold": 0 if planned_once else 5,
        },
    )


def session_factory(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def session(factory: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """One transaction: commit at the end, roll back on any exception."""
    async with factory() as open_session, open_session.begin():
        yield open_session


@lru_cache(maxsize=512)
def text(sql: str) -> sa.TextClause:
    """`sa.text`, read once: finding the parameters of a long statement takes as long as running a short one."""
    return sa.text(sql)


async def rows(connection: AsyncConnection | AsyncSession, sql: str, **values: Any) -> list[Mapping[str, Any]]:
    """Named SQL in, plain mappings out."""
    result = await connection.execute(text(sql), values)
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


async def one(connection: AsyncConnection | AsyncSession, sql: str, **values: Any) -> Mapping[str, Any] | None:
    found = await rows(connection, sql, **values)
    return found[0] if found else None


async def change(connection: AsyncConnection | AsyncSession, sql: str, **values: Any) -> int:
    """Run a statement that writes; returns how many rows it touched."""
    result = await connection.execute(text(sql), values)
    return int(cast("sa.CursorResult[Any]", result).rowcount)


async def silence_lock(
    connection: AsyncConnection | AsyncSession, debtor_id: int, *, wait_seconds: float = 0.5
) -> bool:
    """Take the person's exclusive lock for this transaction, waiting less than a second for a wave of sends to end.

    Delivery holds the shared lock from its last check until its last byte, so no send starts after the caller's commit.
    Returns False when the wait ran out: the caller goes on all the same (a STOP never waits longer) and the epoch it bumps
    stops every wave that has not passed its gate.
    """
    lock = {"space": PERSON_LOCK, "id": debtor_id % 2**31}
    if await connection.scalar(text("select pg_try_advisory_xact_lock(:space, :id)"), lock):
        return True
    await connection.execute(sa.text(f"set local lock_timeout = '{int(wait_seconds * 1000)}ms'"))
    try:
        async with connection.begin_nested():
            await connection.execute(text("select pg_advisory_xact_lock(:space, :id)"), lock)
    except sa.exc.OperationalError:
        return False
    finally:
        await connection.execute(sa.text("set local lock_timeout = '0'"))
    return True


async def driver(connection: AsyncConnection | AsyncSession) -> Any:
    """The psycopg connection beneath, inside the same transaction: for COPY, LISTEN and job enqueueing."""
    plain = await connection.connection() if isinstance(connection, AsyncSession) else connection
    raw = await plain.get_raw_connection()
    return raw.driver_connection


def json_text(text: str) -> Jsonb:
    """Already serialised JSON for a `jsonb` column of `copy_in`: not serialised again."""
    return Jsonb(text, dumps=str)


async def copy_in(
    connection: AsyncConnection | AsyncSession, table: str, columns: Mapping[str, str], values: Iterable[Sequence[Any]]
) -> None:
    """Bulk insert by binary COPY: `columns` maps names to PostgreSQL types. Fourteen times faster than ORM rows."""
    psycopg_connection = await driver(connection)
    statement = f"copy {table} ({', '.join(columns)}) from stdin with (format binary)"
    async with psycopg_connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in values:
            await copy.write_row(row)
