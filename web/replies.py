"""What a controller answers with when it is not a page."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from components.foundation import settings

FLASH = "flash"
R = TypeVar("R", bound=Response[Any])


def see_other(path: str) -> Redirect:
    """After a change, send the browser to read the result: reloading then repeats nothing."""
    return Redirect(path, status_code=303)


@dataclass(frozen=True, slots=True)
class Flash:
    kind: str
    words: str


def with_notice(response: R, words: str) -> R:
    """The same answer, and `words` on the next page the visitor sees, once."""
    return _with(response, Flash("notice", words))


def with_refusal(response: R, words: str) -> R:
    return _with(response, Flash("refusal", words))


def _with(response: R, flash: Flash) -> R:
    response.set_cookie(
        Cookie(
            key=FLASH,
            value=_sealed(flash),
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=settings.current().is_https,
        )
    )
    return response


def flashes(request: Request[Any, Any, Any]) -> tuple[Flash, ...]:
    found = _opened(request.cookies.get(FLASH, ""))
    return (found,) if found else ()


def forget_flashes(response: Response[Any]) -> None:
    response.delete_cookie(FLASH)


@cache
def _key() -> bytes:
    return hashlib.sha256(b"flash:" + settings.current().secret_key.encode()).digest()


def _mark(body: bytes) -> bytes:
    return hmac.new(_key(), body, hashlib.sha256).digest()[:16]


def _sealed(flash: Flash) -> str:
    body = msgspec.json.encode(flash)
    return urlsafe_b64encode(_mark(body) + body).decode()


def _opened(cookie: str) -> Flash | None:
    try:
        sealed = urlsafe_b64decode(cookie.encode())
        mark, body = sealed[:16], sealed[16:]
        return msgspec.json.decode(body, type=Flash) if hmac.compare_digest(mark, _mark(body)) else None
    except (ValueError, msgspec.MsgspecError):
        return None
