"""Ending marketing e-mails from the e-mail itself, and confirming that one wants them; signed in or not.

Looking changes nothing: mail scanners open every link. The button of a mail program posts here (RFC 8058), without
cookies and from wherever its provider is; the link's own signature is what counts.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.consents import consents, unsubscribe_links
from components.consents.consent_words import KINDS
from components.consents.unsubscribe_links import Unsubscribing
from components.foundation.languages.words import _
from web.forms.sending import read_body
from web.guards import anyone
from web.views import View, page

CONFIRMING = "/e-mails/confirm"


@dataclass(frozen=True, kw_only=True)
class UnsubscribePage(View):
    """`about` is None for an address that is forgotten."""

    template: ClassVar[str] = "shop/without_account/unsubscribing/show.html"
    about: Unsubscribing | None
    kind: str
    others: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentConfirmationPage(View):
    template: ClassVar[str] = "shop/without_account/unsubscribing/confirmation.html"
    kind: str
    email: str
    is_done: bool


class UnsubscribeController(Controller):
    path = unsubscribe_links.PATH
    guards = [anyone]

    @get("/{slug:str}/{written:str}")
    async def show(self, request: Request[Any, Any, Any], slug: FromPath[str], written: FromPath[str]) -> Response[Any]:
        return _page(request, slug, await unsubscribe_links.about(slug, written))

    @post("/{slug:str}/{written:str}")
    async def create(
        self, request: Request[Any, Any, Any], slug: FromPath[str], written: FromPath[str]
    ) -> Response[Any]:
        sent = await read_body(request)
        if "List-Unsubscribe" in sent:
            await unsubscribe_links.use(slug, written, how="one click")
            return Response("unsubscribed", status_code=200, media_type="text/plain")
        if "all" in sent:
            return _page(request, slug, await unsubscribe_links.use_all(slug, written))
        return _page(request, slug, await unsubscribe_links.use(slug, written, how="unsubscribe"))


class ConsentConfirmationController(Controller):
    path = CONFIRMING
    guards = [anyone]

    @get("/{written:str}")
    async def show(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        change = await consents.waiting_change(written)
        return await _confirmation(request, change.kind, await consents.email_of(change), is_done=False)

    @post("/{written:str}")
    async def create(self, request: Request[Any, Any, Any], written: FromPath[str]) -> Response[Any]:
        change = await consents.confirm(written)
        return await _confirmation(request, change.kind, await consents.email_of(change), is_done=True)


def _page(request: Request[Any, Any, Any], kind: str, about: Unsubscribing | None) -> Response[Any]:
    others = tuple(_(KINDS[one]) for one in about.others) if about else ()
    return page(request, UnsubscribePage(about=about, kind=_(KINDS[kind]), others=others))


async def _confirmation(request: Request[Any, Any, Any], kind: str, email: str, *, is_done: bool) -> Response[Any]:
    return page(request, ConsentConfirmationPage(kind=_(KINDS[kind]), email=email, is_done=is_done))
