"""The creditors' interface, `/api/v1`: an application of its own beneath ours, one file a noun (interfaces.md section 7)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from outreach.context import Context
from outreach.web import limits
from outreach.web.api import accounts, disputes, endpoints, events, holds, keys, payments, placements, problems

#: the most a request may be: ten thousand long rows, or a file of 5 MB in base64
LARGEST = 16 * 1024 * 1024
VERSION = "1.0.0"
ABOUT = """For a creditor's own systems: place accounts, report payments, stop contact, read how accounts stand, hear what happens.

Money is integer cents beside its currency; moments are ISO 8601 with offset. Every write needs an `Idempotency-Key`:
the same request with the same key happens once and gets the same answer for 30 days. Refusals are RFC 9457 problems.
Another creditor's things are as unknown as things that do not exist."""


def create(context: Context) -> FastAPI:
    """The application to mount: its own doors, problems and document, no page that loads from elsewhere."""
    counted = limits.Limits()
    app = FastAPI(
        title="outreach for creditors",
        version=VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        root_path_in_servers=False,
        servers=[{"url": "/api/v1"}],
        redirect_slashes=False,
        max_body_size=LARGEST,
        separate_input_output_schemas=False,
    )
    app.state.context = context
    app.add_middleware(keys.Door, context=context, counted=counted)
    problems.install(app)
    for noun in (placements, accounts, payments, holds, disputes, events, endpoints):
        app.include_router(noun.router)
    plain = app.openapi

    def document() -> dict[str, Any]:
        """The document with the shape of problems, which no handler returns."""
        if app.openapi_schema is None:
            made = plain()
            made["components"]["schemas"] |= _shapes()
        return plain()

    app.openapi = document  # type: ignore[method-assign]
    return app


def _shapes() -> dict[str, Any]:
    """Problem and what it holds, as components."""
    made = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs"), "Problem": made}
