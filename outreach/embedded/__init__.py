"""PostgreSQL 18 from a wheel, for development, tests and small installations: nothing to install, no TCP, no trust.

    server = embedded.start(data_dir)            # 0.7 s the first time, 0.1 s later, nothing when it already runs
    create_async_engine(server.url)              # postgresql+psycopg://...   (server.dsn for psycopg and psql)

All processes that name one folder share one server. It is detached: it outlives the `kill -9` of any of them and
stops by itself when the last is gone (see `keeper`). For tests:

    template = embedded.create_database(server, "template_outreach")       # migrate this one, then close its engine
    mine = embedded.create_database(server, "test_1", template=template)   # 10 ms; a Server as well: mine.url
    embedded.drop_database(mine)
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from outreach.embedded import binaries, cluster, locks
from outreach.embedded.binaries import NoEmbeddedPostgresError
from outreach.embedded.cluster import ClusterFailedError

__all__ = [
    "UNSAFE",
    "ClusterFailedError",
    "NoEmbeddedPostgresError",
    "Server",
    "create_database",
    "drop_database",
    "leave",
    "start",
]

#: For tests only: a power cut may lose everything, a `kill -9` nothing.
UNSAFE = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
#: Seconds until a start is given up. A recovery after a crash may take long; a start takes less than one.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """One database of a running server. `dsn` and `url` hold the password: print neither."""

    socket_folder: Path
    password: str = field(repr=False)
    database: str = "outreach"

    @property
    def dsn(self) -> str:
        """For psycopg and psql."""
        query = urlencode({"host": str(self.socket_folder), "port": 5432})
        return f"postgresql://outreach:{self.password}@/{self.database}?{query}"

    @property
    def url(self) -> str:
        """For SQLAlchemy with psycopg 3, sync or async."""
        return self.dsn.replace("postgresql://", "postgresql+psycopg://", 1)


#: Shares of `users.lock`, held until this process ends: nobody can pull the server from under an engine.
_shares: dict[Path, int] = {}


def start(data_dir: Path, *, settings: Mapping[str, str] | None = None) -> Server:
    """Joins the server of this folder, starting it first when needed; `settings` count only for who starts it.

    Raises NoEmbeddedPostgresError where no wheel fits, ClusterFailedError with the log's end when it will not start.
    """
    binaries.program("postgres")
    home = data_dir.resolve() / "postgres"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _take_share(home)
    here = cluster.Cluster(home)
    _wait_until_ready(here, settings=settings or {})
    server = Server(here.socket_folder(), here.password)
    _ensure_database(server)
    return server


def leave(data_dir: Path, *, patience: float = 0.0) -> None:
    """Lets go before this process ends; the server stops when no other process uses it.

    `patience`: seconds to wait for its end, for whoever removes the folder next. What was written last is on its way to disk.
    """
    home = data_dir.resolve() / "postgres"
    os.close(_shares.pop(home))
    ends = time.monotonic() + patience
    while time.monotonic() < ends and locks.is_taken(cluster.Cluster(home).alive):
        time.sleep(0.1)


def create_database(server: Server, name: str, *, template: Server | None = None) -> Server:
    """A new database, or a copy of `template`, to which nobody may be connected."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        # File by file instead of through the log: a third of the time for a database of this size.
        statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template.database))
    _administer(server, statement)
    return replace(server, database=name)


def drop_database(server: Server) -> None:
    """Ends the sessions that are still in it."""
    _administer(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(server.database)))


def _take_share(home: Path) -> None:
    path = home / "users.lock"
    if home in _shares:
        if locks.is_current(_shares[home], path):
            return
        os.close(_shares[home])
    _shares[home] = locks.open_lock(path)
    locks.share(_shares[home])


def _administer(server: Server, statement: sql.Composed) -> None:
    with psycopg.connect(replace(server, database="postgres").dsn, autocommit=True) as connection:
        connection.execute(statement)


def _ensure_database(server: Server) -> None:
    with psycopg.connect(replace(server, database="postgres").dsn) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [server.database]).fetchone()
    if found is None:
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            create_database(server, server.database)  # another process may be doing the same


def _wait_until_ready(here: cluster.Cluster, *, settings: Mapping[str, str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _bring_keeper(here, settings=settings) and not here.is_ready():
        if time.monotonic() > deadline:
            raise ClusterFailedError(f"The embedded PostgreSQL did not start in {PATIENCE:.0f} s: see {here.log}")
        time.sleep(0.01)


def _bring_keeper(here: cluster.Cluster, *, settings: Mapping[str, str]) -> bool:
    """Starts a keeper, and returns when the server is ready; False when there is one already.

    The lock is taken here and handed over, so that at no moment two keepers are on their way.
    """
    lock = locks.open_lock(here.home / "keeper.lock")
    try:
        if not locks.try_take(lock):
            return False
        command = [sys.executable, "-m", "outreach.embedded.keeper", str(here.home), str(lock), json.dumps(settings)]
        with here.log.open("ab") as log:
            started = subprocess.run(  # noqa: S603
                command,
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                check=False,
            )
    finally:
        os.close(lock)
    if started.returncode != 0:
        raise ClusterFailedError(f"The embedded PostgreSQL gave up: {here.log_tail()}")
    return True
