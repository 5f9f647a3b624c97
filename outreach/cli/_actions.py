"""`outreach dialog actions`: the rasa-sdk actions behind HTTP, with the one plan policy handed in."""

from __future__ import annotations

from aiohttp import web


def serve(*, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT."""
    import dialogs
    from dialogs.server import Actions
    from outreach.conversations import engine

    actions = Actions(dialogs.load(engine.REPLIES, quote=engine.quote))

    async def webhook(request: web.Request) -> web.Response:
        try:
            call = await request.json()
        except ValueError as error:
            raise web.HTTPBadRequest(text="The body is not JSON.") from error
        return web.json_response(await actions.answer(call))

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=4_000_000)
    app.add_routes([web.post("/webhook", webhook), web.get("/health", health)])
    web.run_app(app, host=host, port=port, print=None)
