"""The mailbox: every e-mail the shop has created, sent or not."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, MediaType, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.params import FromPath

from components.foundation import settings
from components.foundation.refusals import NotFound
from components.messaging import mailbox
from components.messaging.mailbox import EmailLine, OpenEmail
from components.messaging.texts.kinds import all_kinds
from web.current_person import person_id_of
from web.demo_mode import is_at_this_machine, mailbox_address, mailbox_is_open
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import staff
from web.looks.content_policy import style_digests
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of


class EmailSearchForm(Form):
    to = Text("To", required=False)
    template = Choice("Type", required=False)


@dataclass(frozen=True, kw_only=True)
class FoundEmails(View):
    form: EmailSearchForm
    emails: tuple[EmailLine, ...]
    titles: dict[str, str]
    total: int
    pages: Pager
    address: str
    can_post: bool


@dataclass(frozen=True, kw_only=True)
class EmailPage(View):
    template: ClassVar[str] = "staff/system/emails/show.html"
    email: OpenEmail
    address: str
    can_post: bool
    file: str
    """Where the PDF that goes with it opens; "" for who may not see it, and where there is none."""


@dataclass(frozen=True, kw_only=True)
class EmailsPage(FoundEmails):
    template: ClassVar[str] = "staff/system/emails/index.html"
    mailbox: str


@dataclass(frozen=True, kw_only=True)
class PracticeEmailsPage(FoundEmails):
    template: ClassVar[str] = "staff/system/emails/practice_index.html"


@dataclass(frozen=True, kw_only=True)
class PracticeEmailPage(EmailPage):
    template: ClassVar[str] = "staff/system/emails/practice_show.html"


class EmailsController(Controller):
    path = "/staff/emails"
    guards = [staff("emails")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, EmailsPage(mailbox=mailbox_address(), **await _found(request, self.path)))

    @get("/{email_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], email_id: FromPath[UUID]) -> Response[Any]:
        """Reading what was sent to somebody is in the audit log."""
        email = await mailbox.email_read_by(person_id_of(request), email_id)
        may_open = bool(email.line.invoice) and visitor_of(request).may("orders")
        file = f"/staff/invoices/{email.line.invoice}/pdf" if may_open else ""
        return page(request, EmailPage(email=email, address=self.path, can_post=mailbox.can_send(), file=file))

    @get("/{email_id:uuid}/sheet")
    async def sheet(self, request: Request[Any, Any, Any], email_id: FromPath[UUID]) -> Response[Any]:
        return _sheet(await mailbox.email_read_by(person_id_of(request), email_id))

    @post("/{email_id:uuid}/posting")
    async def post_again(self, request: Request[Any, Any, Any], email_id: FromPath[UUID]) -> Response[Any]:
        back = see_other(f"{self.path}/{email_id}")
        try:
            await mailbox.send_again(email_id, by=person_id_of(request))
        except (mailbox.CannotSend, mailbox.TextIsGone) as refusal:
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
        return page(request, PracticeEmailsPage(**await _found(request, self.path)))

    @get("/{email_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], email_id: FromPath[UUID]) -> Response[Any]:
        email = await mailbox.practice_email(email_id)
        view = PracticeEmailPage(email=email, address=self.path, can_post=False, file=email.file_url)
        return page(request, view)

    @get("/{email_id:uuid}/sheet")
    async def sheet(self, email_id: FromPath[UUID]) -> Response[Any]:
        return _sheet(await mailbox.practice_email(email_id))


async def _found(request: Request[Any, Any, Any], address: str) -> dict[str, Any]:
    kinds = tuple((name, all_kinds.title(name)) for name in await mailbox.templates_used())
    form = EmailSearchForm.of_query(request, choices={"template": kinds})
    wanted = form.template if not form.errors else ""
    shelf = await mailbox.email_page(to=form.to, template=wanted, page=page_asked(request))
    query = {"to": form.to, "template": wanted}
    return {
        "form": form,
        "emails": shelf.emails,
        "titles": {one.template: all_kinds.title(one.template) for one in shelf.emails},
        "total": shelf.total,
        "pages": Pager(page=shelf.page, pages=shelf.pages, path=address, query=query),
        "address": address,
        "can_post": mailbox.can_send(),
    }


def _sheet(email: OpenEmail) -> Response[Any]:
    """The HTML of the e-mail, for a sandboxed frame: only its own styles, by digest, and the shop's logo."""
    logos = f"{settings.current().base_url}/brand/"
    html = email.html.replace("<head>", '<head><base target="_top">', 1)
    styles = style_digests(html) or "'none'"
    return Response(
        html.encode(),
        media_type=MediaType.HTML,
        headers={
            "Content-Security-Policy": f"default-src 'none'; style-src {styles}; img-src {logos}; "
            "frame-ancestors 'self'; "
            "sandbox allow-top-navigation-by-user-activation",
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "private, no-store",
        },
    )
