"""`python -m benchmarks [NAME ...] [--quick]`: a table, and JSON in benchmarks/results/."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import claims, dialog, pipeline, replies, rules

RESULTS = Path(__file__).parent / "results"
#: name -> what to run, with how much less of it in the quick version
BENCHMARKS: dict[str, tuple[Callable[..., Coroutine[Any, Any, dict[str, Any]]], dict[str, int], dict[str, int]]] = {
    "sms": (partial(pipeline.measure, channel="sms", latency_ms=0), {"messages": 5000}, {"messages": 1000}),
    "sms at 100 ms": (partial(pipeline.measure, channel="sms", latency_ms=100), {"messages": 5000}, {"messages": 1000}),
    "email": (partial(pipeline.measure, channel="email", latency_ms=0), {"messages": 5000}, {"messages": 1000}),
    "email signed here": (
        partial(pipeline.measure, channel="email", latency_ms=0, length=9000, signed=True, connections=4),
        {"messages": 3000},
        {"messages": 600},
    ),
    "rules": (rules.measure, {"count": 50_000}, {"count": 2000}),
    "claims": (claims.measure, {"rows": 1_000_000}, {"rows": 50_000}),
    "dialog": (dialog.measure, {"turns": 600}, {"turns": 120}),
    "replies": (replies.measure, {"campaign": 20_000, "replies": 100}, {"campaign": 2000, "replies": 20}),
}
#: only with --rasa: it brings a Rasa server, which takes minutes the first time
WITH_RASA = {"dialog through rasa": (dialog.through_rasa, {"turns": 120}, {"turns": 24})}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="words of the benchmarks wanted; none = all")
    parser.add_argument("--quick", action="store_true", help="a fifth of the messages")
    parser.add_argument("--rasa", action="store_true", help="the same dialog through a real Rasa server too")
    wanted = parser.parse_args()
    found: dict[str, Any] = {}
    for name, (measure, full, quick) in (BENCHMARKS | WITH_RASA if wanted.rasa else BENCHMARKS).items():
        if wanted.names and not any(word in name for word in wanted.names):
            continue
        load = os.getloadavg()[0]
        found[name] = uvloop.run(measure(**(quick if wanted.quick else full)))
        found[name]["load before"] = round(load, 1)
        _show(name, found[name])
    RESULTS.mkdir(exist_ok=True)
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
    }
    path = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(about | {"figures": found}, indent=2) + "\n", encoding="utf-8")
    Console().print(f"[dim]{path}[/dim]")


def _show(name: str, figures: dict[str, Any]) -> None:
    table = Table(title=name, title_justify="left", show_header=False)
    for figure, value in figures.items():
        table.add_row(figure, f"{value:,}")
    Console().print(table)


if __name__ == "__main__":
    main()
