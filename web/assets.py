"""Styles, scripts and fonts: built by `static/build.py`, named by their content, served from memory, cacheable
indefinitely."""

import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent.parent / "static"
FOLDERS = ("built", "img", "vendor")


@cache
def manifest() -> dict[str, str]:
    """Asset name to its address, e.g. "shop.css" → "/static/built/shop.ab12cd34.css"."""
    path = STATIC / "built" / "manifest.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def address(name: str) -> str:
    """The asset's address for browsers. Raises KeyError for a name that was not built."""
    return manifest()[name]


@dataclass(frozen=True, slots=True)
class _Asset:
    media_type: bytes
    body: bytes
    zipped: bytes | None


@cache
def _assets() -> dict[str, _Asset]:
    """Every asset by its address. What strangers ask for is only looked up here."""
    files = [file for folder in FOLDERS for file in (STATIC / folder).rglob("*") if file.is_file()]
    return {f"/static/{file.relative_to(STATIC).as_posix()}": _asset(file) for file in files}


def _asset(file: Path) -> _Asset:
    kind = "font/woff2" if file.suffix == ".woff2" else mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    zipped = file.with_name(file.name + ".gz")
    return _Asset(kind.encode(), file.read_bytes(), zipped.read_bytes() if zipped.exists() else None)


async def respond(scope: dict[str, Any], send: Any) -> bool:
    """Answer a request below /static/; False when there is no such asset."""
    asset = _assets().get(scope["path"])
    if asset is None:
        return False
    headers = [(b"content-type", asset.media_type), (b"vary", b"Accept-Encoding")]
    lasting = b"public, max-age=31536000, immutable" if "/img/" not in scope["path"] else b"public, max-age=3600"
    headers.append((b"cache-control", lasting))
    body = asset.body
    if asset.zipped and any(k == b"accept-encoding" and b"gzip" in v for k, v in scope["headers"]):
        body = asset.zipped
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
    return True
