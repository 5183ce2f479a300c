"""The mailbox: every e-mail the shop has created, sent or not."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, MediaType, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath

from components.foundation.refusals import NotFound
from components.messaging import mailbox
from components.messaging.mailbox import LetterLine, OpenLetter
from web.forms import Choice, Form, Text
from web.guards import staff
from web.practice import is_at_this_machine, mailbox_is_open
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class FindForm(Form):
    to = Text("To", required=False)
    template = Choice("Type", required=False)


@dataclass(frozen=True, slots=True)
class Pages:
    page: int
    pages: int
    address: str
    query: Mapping[str, str]

    def url(self, number: int) -> str:
        return f"{self.address}?{urlencode({**self.query, 'page': str(number)})}"


@dataclass(frozen=True, kw_only=True)
class LettersPage(View):
    template: ClassVar[str] = "staff/letters/index.html"
    form: FindForm
    letters: tuple[LetterLine, ...]
    total: int
    pages: Pages
    address: str
    can_post: bool


@dataclass(frozen=True, kw_only=True)
class LetterPage(View):
    template: ClassVar[str] = "staff/letters/show.html"
    letter: OpenLetter
    address: str
    can_post: bool


@dataclass(frozen=True, kw_only=True)
class PracticeLettersPage(LettersPage):
    template: ClassVar[str] = "staff/letters/practice_index.html"


@dataclass(frozen=True, kw_only=True)
class PracticeLetterPage(LetterPage):
    template: ClassVar[str] = "staff/letters/practice_show.html"


class LettersController(Controller):
    path = "/staff/letters"
    guards = [staff("letters")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, LettersPage(**await _found(request, self.path)))

    @get("/{letter_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], letter_id: FromPath[UUID]) -> Response[Any]:
        view = LetterPage(letter=await mailbox.letter(letter_id), address=self.path, can_post=mailbox.can_post())
        return page(request, view)

    @get("/{letter_id:uuid}/sheet")
    async def sheet(self, letter_id: FromPath[UUID]) -> Response[Any]:
        return await _sheet(letter_id)

    @post("/{letter_id:uuid}/posting")
    async def post_again(self, letter_id: FromPath[UUID]) -> Response[Any]:
        back = see_other(f"{self.path}/{letter_id}")
        try:
            await mailbox.post_again(letter_id)
        except mailbox.CannotPost as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, "The e-mail will be sent again.")


def practice_mailbox(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Only for requests from the machine of a practice shop; not found elsewhere."""
    if not (mailbox_is_open() and is_at_this_machine(connection)):
        raise NotFound


class PracticeMailboxController(Controller):
    """The same e-mails without signing in, in a practice shop on one's own machine; needed to sign in by e-mail."""

    path = "/mailbox"
    guards = [practice_mailbox]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, PracticeLettersPage(**await _found(request, self.path)))

    @get("/{letter_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], letter_id: FromPath[UUID]) -> Response[Any]:
        view = PracticeLetterPage(letter=await mailbox.letter(letter_id), address=self.path, can_post=False)
        return page(request, view)

    @get("/{letter_id:uuid}/sheet")
    async def sheet(self, letter_id: FromPath[UUID]) -> Response[Any]:
        return await _sheet(letter_id)


async def _found(request: Request[Any, Any, Any], address: str) -> dict[str, Any]:
    kinds = tuple((name, name.replace("_", " ").capitalize()) for name in await mailbox.templates_used())
    form = FindForm.of_query(request, choices={"template": kinds})
    wanted = form.template if not form.errors else ""
    number = _page_number(request)
    shelf = await mailbox.shelf(to=form.to, template=wanted, page=number)
    query = {name: value for name, value in (("to", form.to), ("template", wanted)) if value}
    last = max(1, -(-shelf.total // mailbox.PAGE))
    return {
        "form": form,
        "letters": shelf.letters,
        "total": shelf.total,
        "pages": Pages(number, last, address, query),
        "address": address,
        "can_post": mailbox.can_post(),
    }


def _page_number(request: Request[Any, Any, Any]) -> int:
    written = request.query_params.get("page", "1")
    return int(written) if written.isdecimal() and 1 <= len(written) <= 6 and int(written) > 0 else 1


async def _sheet(letter_id: UUID) -> Response[Any]:
    """The HTML of the e-mail, for a sandboxed frame: only its own styles are allowed, by digest."""
    html = (await mailbox.letter(letter_id)).html.replace("<head>", '<head><base target="_top">', 1)
    styles = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(html)) or "'none'"
    return Response(
        html.encode(),
        media_type=MediaType.HTML,
        headers={
            "Content-Security-Policy": f"default-src 'none'; style-src {styles}; frame-ancestors 'self'; "
            "sandbox allow-top-navigation-by-user-activation",
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "private, no-store",
        },
    )


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
