"""The baseline: bytes read once, sent by the shop's own server and framework, and by the server alone."""

import os
from pathlib import Path
from typing import Any

from litestar import Litestar, MediaType, Response, get
from litestar.params import FromPath

BODIES = {path.name: path.read_bytes() for path in Path(os.environ["BENCH_BODIES"]).iterdir() if path.is_file()}


@get("/{name:str}")
async def constant(name: FromPath[str]) -> Response[bytes]:
    return Response(BODIES[name], media_type=MediaType.HTML)


framework = Litestar([constant], openapi_config=None, logging_config=None)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Below /bare/ only the server; everything else through the framework."""
    if scope["type"] != "http" or not scope["path"].startswith("/bare/"):
        await framework(scope, receive, send)
        return
    body = BODIES[scope["path"].removeprefix("/bare/")]
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
