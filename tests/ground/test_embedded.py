"""Several processes, one PostgreSQL, any of them killed: what `outreach.embedded` promises."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from outreach import embedded
from outreach.embedded import binaries, cluster, locks

REPOSITORY = Path(__file__).parents[2]
#: A process that uses the server until its input ends, and says how to reach it.
USER = """
import sys
from pathlib import Path
from outreach import embedded
print(embedded.start(Path(sys.argv[1]), settings=embedded.UNSAFE).dsn, flush=True)
sys.stdin.read()
"""


class User:
    """Another process that uses the folder."""

    def __init__(self, data_dir: Path, *, before: tuple[str, ...] = (), path: str = os.environ["PATH"]) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", USER, str(data_dir)],
            cwd=REPOSITORY,
            env={**os.environ, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def dsn(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.communicate()


def eventually(condition: Callable[[], bool]) -> None:
    """Other processes need a moment; ten seconds is a failure."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(dsn: str, statement: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(statement).fetchone()
    return row and row[0]


def answers(dsn: str) -> bool:
    try:
        return ask(dsn, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped cluster to copy: making one costs half a second."""
    data_dir = tmp_path_factory.mktemp("prepared")
    user = User(data_dir)
    user.dsn()
    user.end()
    eventually(lambda: not is_kept(data_dir))
    return data_dir


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest.fixture
def user(data_dir: Path) -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def start(**options: object) -> User:
        users.append(User(data_dir, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start
    for each in users:
        each.end(signal.SIGKILL)
    eventually(lambda: not is_kept(data_dir))


def is_kept(data_dir: Path) -> bool:
    return locks.is_taken(data_dir / "postgres/keeper.lock")


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/data/postmaster.pid").read_text().split()[0])


def test_two_processes_share_one_server_that_outlives_the_kill_of_the_one_that_started_it(data_dir, user) -> None:
    alice = user()
    dsn = alice.dsn()
    bob = user()
    assert bob.dsn() == dsn
    before = postmaster(data_dir)
    alice.end(signal.SIGKILL)
    assert ask(dsn, "SELECT 1") == 1
    assert postmaster(data_dir) == before
    bob.end(signal.SIGKILL)
    eventually(lambda: not answers(dsn))
    assert user().dsn() == dsn  # and it starts again


def test_processes_that_start_at_the_same_moment_find_the_same_server(user) -> None:
    assert len({each.dsn() for each in [user() for _ in range(4)]}) == 1


def test_a_killed_server_comes_back_at_the_same_address_with_what_was_committed(data_dir, user) -> None:
    dsn = user().dsn()
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
    os.kill(postmaster(data_dir), signal.SIGKILL)
    eventually(lambda: answers(dsn))
    assert ask(dsn, "SELECT figure FROM kept") == 7


def test_a_stale_process_number_does_not_keep_the_server_from_starting(data_dir, user) -> None:
    """After a power cut the number in postmaster.pid may belong to any process, here to this test."""
    (data_dir / "postgres/data/postmaster.pid").write_text(f"{os.getpid()}\n/x\n1\n5432\n/tmp\n\n 1 2\nready\n")
    assert answers(user().dsn())


def test_a_killed_keeper_leaves_the_server_running_and_the_next_user_brings_another(data_dir) -> None:
    server = embedded.start(data_dir, settings=embedded.UNSAFE)
    os.kill(int((data_dir / "postgres/keeper.lock").read_text()), signal.SIGKILL)
    eventually(lambda: not is_kept(data_dir))
    assert answers(server.dsn)
    before = postmaster(data_dir)
    assert embedded.start(data_dir) == server
    assert postmaster(data_dir) == before
    embedded.leave(data_dir)
    eventually(lambda: not is_kept(data_dir))


def test_a_folder_removed_under_a_running_server_and_made_again_is_another_cluster(data_dir, user) -> None:
    before = user().dsn()
    old = postmaster(data_dir)
    shutil.rmtree(data_dir)
    after = user().dsn()
    assert after != before
    with contextlib.suppress(ProcessLookupError):
        os.kill(old, signal.SIGQUIT)  # what it does by itself within a minute
    eventually(lambda: not answers(before))
    assert answers(after)


def test_it_listens_on_no_port_and_trusts_nobody(data_dir, user) -> None:
    dsn = user().dsn()
    assert ask(dsn, "SHOW listen_addresses") == ""
    assert len(str(ask(dsn, "SHOW unix_socket_directories")).encode()) < cluster.LONGEST_FOLDER
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(dsn.replace("outreach:", "outreach:wrong", 1))
    assert "scram-sha-256" in (data_dir / "postgres/data/pg_hba.conf").read_text()
    assert " trust" not in (data_dir / "postgres/data/pg_hba.conf").read_text().partition("TYPE  DATABASE")[2]


def test_writes_reach_the_disk_unless_a_test_says_otherwise(data_dir) -> None:
    server = embedded.start(data_dir)
    assert ask(server.dsn, "SHOW fsync") == "on"
    assert ask(server.dsn, "SELECT datlocprovider::text FROM pg_database LIMIT 1") == "b"
    embedded.leave(data_dir)
    eventually(lambda: not is_kept(data_dir))


def test_a_database_is_cloned_from_a_template_and_dropped(data_dir) -> None:
    server = embedded.start(data_dir, settings=embedded.UNSAFE)
    template = embedded.create_database(server, "template_outreach")
    with psycopg.connect(template.dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
    mine = embedded.create_database(server, "mine", template=template)
    assert ask(mine.dsn, "SELECT figure FROM kept") == 7
    embedded.drop_database(mine)
    assert ask(server.dsn, "SELECT count(*) FROM pg_database WHERE datname = 'mine'") == 0
    embedded.leave(data_dir)


def test_where_no_wheel_fits_one_sentence_says_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(binaries, "INSTALLATION", "pginstall99")
    with pytest.raises(embedded.NoEmbeddedPostgresError, match="install PostgreSQL 15 or newer and set OUTREACH_DA"):
        embedded.start(tmp_path)


def test_a_server_that_cannot_start_says_why(data_dir) -> None:
    with pytest.raises(embedded.ClusterFailedError, match="no_such_setting"):
        embedded.start(data_dir, settings={"no_such_setting": "1"})
    embedded.leave(data_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another way to run PostgreSQL")
class TestAsRoot:
    def test_it_runs_where_user_namespaces_are_closed(self, data_dir, user, tmp_path) -> None:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/setpriv").symlink_to(str(shutil.which("setpriv")))
        assert answers(user(path=str(tmp_path / "bin")).dsn())
        assert (data_dir / "postgres/data").stat().st_uid == binaries.NOBODY

    def test_it_runs_for_a_normal_user(self, data_dir, user) -> None:
        """The capability stands in for a venv this user can reach."""
        for path in (data_dir, *data_dir.rglob("*")):
            os.chown(path, binaries.NOBODY, binaries.NOBODY)
        assert answers(user(before=binaries.ROOT_WAYS[1].prefix).dsn())
        assert (data_dir / "postgres/data/postmaster.pid").stat().st_uid == binaries.NOBODY
