"""The schema: bring it up to date, or check that models and migrations agree."""

from __future__ import annotations

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest version. Example: outreach db migrate"""
    from outreach import db, migrations, settings

    applied = migrations.migrate(db.url(settings.get()))
    print("\n".join(f"applied {name}" for name in sorted(applied)) or "already up to date")


@app.command()
def check() -> None:
    """Models equal migrations, and the chain of migrations is whole. Example: outreach db check"""
    from outreach import db, migrations, settings

    problems = migrations.check(db.url(settings.get()))
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print("models and migrations agree")
