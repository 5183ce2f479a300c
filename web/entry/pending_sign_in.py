"""What a browser remembers while a visitor waits for a sign-in e-mail: their e-mail, where they were going, and when
they asked for an account, what shows that they did so here."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, unquote

from litestar import Request, Response
from litestar.datastructures import Cookie

from components.foundation import settings
from components.people import sign_in_links

_COOKIE = "pending-sign-in"
_PATH = "/sign-in"


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    email: str
    next: str
    opener: str = ""

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Self:
        email, next_path, opener = (*request.cookies.get(_COOKIE, "").split("|"), "", "")[:3]
        return cls(email=unquote(email)[:254], next=unquote(next_path)[:2000], opener=opener[:100])

    def kept_by(self, response: Response[Any]) -> Response[Any]:
        value = f"{quote(self.email, safe='')}|{quote(self.next, safe='')}|{self.opener}"
        return _with(response, value, int(sign_in_links.LASTS.total_seconds()))

    def forgotten_by(self, response: Response[Any]) -> Response[Any]:
        return _with(response, "", 0) if self.email else response


def _with(response: Response[Any], value: str, max_age: int) -> Response[Any]:
    response.set_cookie(
        Cookie(
            key=_COOKIE,
            value=value,
            path=_PATH,
            max_age=max_age,
            httponly=True,
            samesite="lax",
            secure=settings.current().is_https,
        )
    )
    return response
