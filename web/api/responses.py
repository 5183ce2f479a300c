"""Responses of the API: JSON with cache headers."""

import hashlib
from typing import Any, TypeVar, cast

import msgspec
from litestar import MediaType, Request, Response

from components.people.api_keys import Key
from web.sign_in_session import address_of
from web.views import visitor_of

T = TypeVar("T", bound=msgspec.Struct)


def json_response(request: Request[Any, Any, Any], value: T, *, status: int = 200) -> Response[T]:
    """For guests with an ETag; for anybody who is known, and for programs with a key, `private, no-store`."""
    body = msgspec.json.encode(value)
    headers = {"Vary": "Cookie, Authorization", "Cache-Control": "private, no-store"}
    if visitor_of(request).is_anonymous and request.method == "GET" and "key" not in request.scope:
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers |= {"Cache-Control": "public, max-age=0, must-revalidate", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            status, body = 304, b""
    # Encoded here once: the framework sends bytes unchanged, and uses the type for the document.
    return Response(cast(T, body), status_code=status, media_type=MediaType.JSON, headers=headers)


def key_of(request: Request[Any, Any, Any]) -> Key:
    """The key that the guard accepted."""
    key: Key = request.scope["key"]  # type: ignore[typeddict-item]
    return key


def count_request(request: Request[Any, Any, Any]) -> str:
    """What attempts are counted by: the key if there is one, else the address."""
    return f"key {key_of(request).id}" if "key" in request.scope else address_of(request)
