"""The floor: the same server as the shop's, sending bytes it read once."""

import os
from pathlib import Path
from typing import Any

BODIES = {f"/{path.name}": path.read_bytes() for path in Path(os.environ["BENCH_BODIES"]).iterdir() if path.is_file()}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = BODIES.get(scope["path"])
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body or b"")).encode())]
    await send({"type": "http.response.start", "status": 200 if body is not None else 404, "headers": headers})
    await send({"type": "http.response.body", "body": body or b""})
