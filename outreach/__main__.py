"""`outreach` and `python -m outreach`: finds commands in `outreach/cli/`, imports only the one asked for."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import click
import typer.main

from outreach.errors import OutreachError

CLI = Path(__file__).parent / "cli"


def _modules() -> dict[str, Path]:
    """Command name -> file. `import_.py` is `import`; a leading underscore hides a file."""
    return {f.stem.rstrip("_").replace("_", "-"): f for f in sorted(CLI.glob("*.py")) if not f.name.startswith("_")}


def _first_line(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0] if doc else ""


class _Commands(click.Group):
    """Each file of `outreach/cli/` is a command or a group (its `app`, a Typer). `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        path = _modules().get(cmd_name)
        if path is None:
            return None
        command = typer.main.get_command(importlib.import_module(f"outreach.cli.{path.stem}").app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first_line(path)) for name, path in _modules().items()])


def main() -> None:
    """Exit codes: 0 done, 1 found something wrong, 2 misuse. Errors are one sentence on stderr."""
    try:
        _Commands(name="outreach", help="Reach people about debts, lawfully and kindly.").main(prog_name="outreach")
    except OutreachError as error:
        print(f"outreach: {error.message}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
