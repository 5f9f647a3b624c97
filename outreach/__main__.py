"""`outreach` and `python -m outreach`: finds commands in `outreach/cli/`, imports only the one asked for."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

from outreach.errors import OutreachError

CLI = Path(__file__).parent / "cli"


def commands() -> dict[str, Path]:
    """Command name -> file. `import_.py` is `import`; a leading underscore hides a file."""
    return {f.stem.rstrip("_").replace("_", "-"): f for f in sorted(CLI.glob("*.py")) if not f.name.startswith("_")}


def _usage() -> str:
    """The list of commands with the first line of each file's docstring; nothing is imported for it."""
    lines = ["Usage: outreach COMMAND [ARGS]...   (outreach COMMAND --help for an example)", ""]
    for name, path in commands().items():
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"  {name:<12} {doc.partition(chr(10))[0]}")
    return "\n".join(lines)


def main() -> None:
    """Exit codes: 0 done, 1 found something wrong, 2 misuse. Errors are one sentence on stderr."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in {"--help", "-h", "help"}:
        print(_usage())
        return
    path = commands().get(name)
    if path is None:
        print(f"outreach: there is no command {name!r}. `outreach --help` lists them.", file=sys.stderr)
        sys.exit(2)
    app = importlib.import_module(f"outreach.cli.{path.stem}").app
    try:
        app(args=sys.argv[2:], prog_name=f"outreach {name}")
    except OutreachError as error:
        print(f"outreach: {error.message}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
