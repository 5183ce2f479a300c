"""Refusals and errors as pages of the shop, in plain words and without internal details."""

import errno
import socket
import traceback
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import asyncpg
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException

from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.payments.payment_refusals import OutcomeUnknown
from web.account.waiting import outcome_unknown
from web.api import problems
from web.edge import kept_text
from web.edge.error_texts import NOT_SAVED, WORDS, brief_page, template_of
from web.edge.request_bodies import BodyNotSent
from web.guards import SecondFactorNeeded, SignInNeeded
from web.replies import see_other, with_refusal
from web.views import View, page

log = structlog.get_logger()

Handler = Any
READING = frozenset({"GET", "HEAD"})
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DOWN: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,  # too many connections, disk full, out of memory
    asyncpg.exceptions.OperatorInterventionError,  # shutting down, starting, a statement's time is up
    asyncpg.exceptions.PostgresSystemError,  # the server cannot read or write its files
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.ReadOnlySQLTransactionError,  # a server that has been failed over from
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)
"""The database is away, busy or full: none of these is a mistake in a request, and all may be over in a moment."""


@dataclass(frozen=True, kw_only=True)
class ErrorPage(View):
    """`kept` is what staff typed for something that is no longer there."""

    template: ClassVar[str] = "errors/500.html"
    words: str
    request_id: str
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class BusyPage(ErrorPage):
    """`again` is where to try again: this page or, for a form that `was_sent`, the one it is on."""

    template: ClassVar[str] = "errors/503.html"
    again: str
    was_sent: bool


def _error_page(status: int) -> type[ErrorPage]:
    return type(f"ErrorPage{status}", (ErrorPage,), {"template": template_of(status)})


def answer(request: Request[Any, Any, Any], status: int, words: str | None = None) -> Response[Any]:
    request_id = str(request.scope.get("request_id", ""))
    words = words or _(WORDS.get(status, WORDS[422]))
    if problems.is_for_a_program(request.scope["path"]):
        return problems.answer(status, words)
    if status == 503:
        was_sent = request.method not in READING
        again = _came_from(request) if was_sent else _whole_path(str(request.url))
        busy = BusyPage(words=words, request_id=request_id, again=again, was_sent=was_sent)
        return page(request, busy, status=status)
    kept = kept_text.texts(request) if status in (404, 410) else ()
    return page(request, _error_page(status)(words=words, request_id=request_id, kept=kept), status=status)


def _whole_path(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _came_from(request: Request[Any, Any, Any]) -> str:
    """The page whose form was sent, where the browser says so."""
    came_from = request.headers.get("referer", "")
    return _whole_path(came_from) if urlsplit(came_from).netloc == request.url.netloc else "/"


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    if isinstance(refusal, problems.WrongFields):
        return problems.answer(refusal.status, str(refusal), refusal.fields)
    response = answer(request, refusal.status, str(refusal))
    if wait := getattr(refusal, "retry_after", None):
        response.headers["Retry-After"] = str(int(wait))
    return response


def sign_in_first(request: Request[Any, Any, Any], refusal: SignInNeeded) -> Response[Any]:
    if request.method in READING:
        return see_other(f"/sign-in?next={quote(_whole_path(str(request.url)), safe='')}")
    return answer(request, 401, str(refusal))


def second_factor_first(request: Request[Any, Any, Any], refusal: SecondFactorNeeded) -> Response[Any]:
    if request.method in READING:
        words = _("Set up a second factor first: this shop asks it of staff.")
        return with_refusal(see_other("/account/security"), words)
    return answer(request, 403, str(refusal))


def http(request: Request[Any, Any, Any], trouble: HTTPException) -> Response[Any]:
    response = answer(request, trouble.status_code)
    if isinstance(trouble, MethodNotAllowedException) and trouble.headers:
        response.headers.update(trouble.headers)
    return response


def not_understood(request: Request[Any, Any, Any], trouble: ValidationException) -> Response[Any]:
    """An invalid path or query parameter is answered like an unknown page, not as a server error."""
    if problems.is_for_a_program(request.scope["path"]):
        return problems.of_parameters(trouble)
    return answer(request, 404 if request.method == "GET" else 422)


def unreadable(request: Request[Any, Any, Any], trouble: Exception) -> Response[Any]:
    """The request has text that cannot be stored, such as a NUL byte or half a surrogate pair: nothing matches it."""
    log.warning("a value could not be sent to the database", trouble=type(trouble).__name__, path=request.url.path)
    return answer(request, 404 if request.method == "GET" else 422)


def unavailable(request: Request[Any, Any, Any], trouble: Exception) -> Response[Any]:
    log.warning("the database did not answer", trouble=repr(trouble))
    is_form = request.method not in READING and not problems.is_for_a_program(request.scope["path"])
    response = answer(request, 503, _(NOT_SAVED) if is_form else None)
    response.headers["Retry-After"] = "5"
    return response


def system_error(request: Request[Any, Any, Any], trouble: OSError) -> Response[Any]:
    """The embedded database's socket is a file: while the server is down it is missing, or nobody listens on it.

    Any other file or folder that fails is a mistake of ours, unless the disk is full.
    """
    is_of_connecting = isinstance(trouble, ConnectionError | TimeoutError) or _came_from_connecting(trouble)
    if is_of_connecting or trouble.errno in DISK_FULL:
        return unavailable(request, trouble)
    return internal_error(request, trouble)


def _came_from_connecting(trouble: BaseException) -> bool:
    frames = traceback.walk_tb(trouble.__traceback__)
    return any(frame.f_globals.get("__name__", "").startswith("asyncpg.") for frame, _ in frames)


def internal_error(request: Request[Any, Any, Any], trouble: Exception) -> Response[Any]:
    log.exception("a request failed", path=request.url.path, exc_info=trouble)
    return answer(request, 500)


def not_sent(request: Request[Any, Any, Any], refusal: BodyNotSent) -> Response[Any]:
    """Nobody may be there any more, or hundreds give up at once."""
    if problems.is_for_a_program(request.scope["path"]):
        return problems.answer(refusal.status, str(refusal))
    headers = {"Cache-Control": "private, no-store"}
    if wait := getattr(refusal, "retry_after", None):
        headers["Retry-After"] = str(int(wait))
    return Response(brief_page(str(refusal)), status_code=refusal.status, media_type=MediaType.HTML, headers=headers)


HANDLERS: dict[type[Exception] | int, Handler] = {
    SignInNeeded: sign_in_first,
    SecondFactorNeeded: second_factor_first,
    OutcomeUnknown: outcome_unknown,
    BodyNotSent: not_sent,
    Refusal: refused,
    ValidationException: not_understood,
    HTTPException: http,
    **dict.fromkeys(DOWN, unavailable),
    asyncpg.DataError: unreadable,
    OSError: system_error,
    Exception: internal_error,
}
