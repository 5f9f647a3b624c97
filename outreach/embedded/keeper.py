"""The detached process that keeps PostgreSQL running while anybody uses it, and stops it when nobody does.

Users hold a shared lock on `users.lock`. Who finds `keeper.lock` free takes it and hands it to a new keeper. A keeper
that was killed leaves the server running; the next user's keeper adopts it. A server that was killed is started again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from outreach.embedded import cluster as clusters
from outreach.embedded import locks
from outreach.errors import OutreachError

#: Seconds between two looks: how long a server outlives its last user, and stays down after a crash.
PAUSE = 0.1


def keep(home: Path, *, lock: int, settings: Mapping[str, str]) -> None:
    """Detaches when the server is ready; from then on until the last user is gone. `lock`: of `keeper.lock`, taken."""
    users = locks.open_lock(home / "users.lock")
    cluster = clusters.Cluster(home)
    os.close(locks.open_lock(cluster.alive))  # the file is there from now on
    _revive(cluster, settings=settings)
    if os.fork():
        os._exit(0)  # who started us goes on: the server is ready
    os.pwrite(lock, f"{os.getpid():<10}\n".encode(), 0)  # for whoever looks which process this is
    # Somebody may remove the folder. Its server sees that within a minute; what is there then is not ours to touch.
    with contextlib.suppress(FileNotFoundError):
        while not locks.try_take(users):
            if not locks.is_current(lock, home / "keeper.lock"):
                return
            _revive(cluster, settings=settings)
            time.sleep(PAUSE)
        # From here a new user waits for a share of `users` until the server is down.
        clusters.stop(cluster)
    os.close(lock)  # first, so that the user who waited finds no keeper
    os.close(users)


def _revive(cluster: clusters.Cluster, *, settings: Mapping[str, str]) -> None:
    if not locks.is_taken(cluster.alive):
        clusters.prepare(cluster)
        clusters.launch(cluster, settings=settings)


if __name__ == "__main__":
    try:
        keep(Path(sys.argv[1]), lock=int(sys.argv[2]), settings=json.loads(sys.argv[3]))
    except OutreachError as error:
        sys.exit(error.message)
