"""What a controller responds with when it is not a page."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from components.foundation import settings
from components.foundation.secrecy import signing

FLASH = "flash"
R = TypeVar("R", bound=Response[Any])


def see_other(path: str) -> Redirect:
    """After a change, send the browser to read the result: reloading then repeats nothing."""
    return Redirect(path, status_code=303)


@dataclass(frozen=True, slots=True)
class Flash:
    """`undo` is where a form that takes it back is sent; empty where nothing does."""

    kind: str
    words: str
    undo: str = ""


def with_notice(response: R, words: str) -> R:
    """The same response, with `words` shown once on the next page the visitor sees."""
    return _with(response, Flash("notice", words))


def with_undo(response: R, words: str, *, undo: str) -> R:
    """As `with_notice`, with a button that takes back what was done."""
    return _with(response, Flash("notice", words, undo))


def deleted(response: R, words: str, deletion: UUID) -> R:
    return with_undo(response, words, undo=f"/staff/deleted/{deletion}")


def with_refusal(response: R, words: str) -> R:
    return _with(response, Flash("refusal", words))


def _with(response: R, flash: Flash) -> R:
    response.set_cookie(
        Cookie(
            key=FLASH,
            value=signing.sealed(flash, purpose=FLASH),
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=settings.current().is_https,
        )
    )
    return response


def flashes(request: Request[Any, Any, Any]) -> tuple[Flash, ...]:
    found = signing.opened(request.cookies.get(FLASH, ""), Flash, purpose=FLASH)
    return (found,) if found else ()


def forget_flashes(response: Response[Any]) -> None:
    response.delete_cookie(FLASH)
