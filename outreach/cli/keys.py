"""Creditors' keys: let a system of theirs into the API, list keys, revoke one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from outreach.cli._within import within

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

Json = Annotated[bool, typer.Option("--json", help="JSON")]


@app.command(
    epilog='Example: outreach keys add "Fairview Medical Group" --name ledger --scope accounts:read --scope payments:write'
)
def add(
    creditor: Annotated[str, typer.Argument(help="the creditor's name")],
    name: Annotated[str, typer.Option(help="the system that will hold the key")],
    scope: Annotated[
        list[str], typer.Option(help="what it may do; repeat for more. `outreach keys scopes` lists them")
    ],
    as_json: Json = False,
) -> None:
    """Make a key. Its token is printed once and is not stored: hand it over by a safe way."""
    import json

    from outreach.partners import keys

    async def act(context: Any) -> tuple[int, str]:
        async with context.session() as session:
            return await keys.add(
                session, now=context.now(), creditor=creditor, name=name, scopes=scope, actor="system:cli"
            )

    made, token = within(act)
    if as_json:
        print(json.dumps({"id": made, "creditor": creditor, "name": name, "scopes": scope, "token": token}))
    else:
        print(f"key {made} of {creditor}, for {name}: {', '.join(scope)}. Shown this once:\n{token}")


@app.command(name="list", epilog="Example: outreach keys list --json")
def list_(as_json: Json = False) -> None:
    """All keys, those in use first; never their tokens."""
    import json

    from outreach.partners import keys

    async def act(context: Any) -> list[dict[str, Any]]:
        async with context.session() as session:
            return [{**row, "scopes": row["scopes"].split()} for row in await keys.every(session)]

    found = within(act)
    if as_json:
        print(json.dumps(found, default=str))
        return
    for row in found:
        used = f"last used {row['used_at']:%Y-%m-%d}" if row["used_at"] else "never used"
        state = "revoked" if row["revoked_at"] else used
        print(f"{row['id']:>5}  {row['creditor']:<32} {row['name']:<16} {state:<22} {' '.join(row['scopes'])}")


@app.command(epilog="Example: outreach keys revoke 7")
def revoke(key: Annotated[int, typer.Argument(help="its number, as `outreach keys list` shows it")]) -> None:
    """Make a key worth nothing, from the next request on."""
    from outreach.partners import keys

    async def act(context: Any) -> None:
        async with context.session() as session:
            await keys.revoke(session, now=context.now(), key_id=key, actor="system:cli")

    within(act)
    print(f"key {key} is revoked")


@app.command(epilog="Example: outreach keys scopes")
def scopes() -> None:
    """What a key may be allowed."""
    from outreach.partners import keys

    for scope, says in keys.SCOPES.items():
        print(f"{scope:<18} {says}")
