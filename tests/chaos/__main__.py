"""`python -m tests.chaos [--full] [NAME ...]`: one line a bar, `ID pass|FAIL value`; exit 1 when one is not met."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from outreach import embedded, migrations
from tests.chaos import catalogue
from tests.chaos.world import Verdict, World


async def attack(
    trouble: catalogue.Trouble, server: embedded.Server, folder: Path, *, wanted: argparse.Namespace
) -> list[Verdict]:
    settings, size = dict(trouble.settings), dict(trouble.full if wanted.full else trouble.quick)
    if wanted.seconds and "seconds" in size:
        size["seconds"] = wanted.seconds
    async with World(server=server, folder=folder, faults=trouble.faults, settings=settings, seed=wanted.seed) as world:
        return await trouble.run(world, **size)


def _keep(folder: Path, where: Path) -> None:
    """The ledger, the processes' log and a trouble's own diary."""
    where.mkdir(parents=True, exist_ok=True)
    for file in (each for each in folder.iterdir() if each.is_file()):
        shutil.copy(file, where)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("names", nargs="*", help="words of the troubles wanted; none = all")
    parser.add_argument("--full", action="store_true", help="full size, with a durable database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="how long, where a trouble has a length")
    parser.add_argument("--keep", type=Path, help="a folder for what was recorded")
    wanted = parser.parse_args()
    met = True
    for trouble in catalogue.TROUBLES:
        if wanted.names and not any(word in trouble.name for word in wanted.names):
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            settings = {} if wanted.full else embedded.UNSAFE
            server = embedded.start(folder / "pg", settings=settings | {"track_commit_timestamp": "on"})
            try:
                migrations.migrate(server.url)
                for verdict in asyncio.run(attack(trouble, server, folder, wanted=wanted)):
                    met &= verdict.passed
                    print(verdict, flush=True)
            finally:
                embedded.leave(folder / "pg")
                if wanted.keep:
                    _keep(folder, wanted.keep / trouble.name)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
