"""The contact form: what is written reaches the shop as an e-mail, and an answer goes to who wrote it."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from markupsafe import Markup

from components.checkout import page_values
from components.content.pages import published_pages
from components.content.site import site_content
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.messaging.emails import contact_emails
from components.messaging.emails.contact_emails import ContactMessage
from web.client_address import neighbourhood
from web.guards import anyone
from web.replies import see_other, with_notice
from web.shop.pages.contact_form import ContactForm, blank_form
from web.shop.pages.pages import ContentPage, content_page
from web.views import page

SENT = N_("Thank you. Your message has been sent, and we’ll answer by e-mail.")


class ContactController(Controller):
    """At /contact whatever the shop's contact page is called, so that a link to it always works."""

    path = "/contact"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        own = site_content.current().of_kind("contact")
        return see_other(own.href) if own else page(request, await _shown(blank_form(request)))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ContactForm.read(request)
        if not form.is_valid:
            return page(request, await _shown(form), status=422)
        message = ContactMessage(name=form.name, email=form.email, order=form.order, message=form.message)
        try:
            await contact_emails.pass_on(
                message, to=page_values.contact_address(), connection=neighbourhood(request.scope)
            )
        except Refusal as refusal:
            return page(request, await _shown(form.refuse(None, str(refusal))), status=refusal.status)
        return with_notice(see_other("/contact"), _(SENT))


async def _shown(form: ContactForm) -> ContentPage:
    """The shop's own contact page, or the form alone where there is none."""
    own = site_content.current().of_kind("contact")
    if own is not None:
        return await content_page(await published_pages.by_slug(own.slug), form)
    summary = _("Write to us, and we’ll answer by e-mail.")
    return ContentPage(
        slug="", title=_("Contact"), summary=summary, html=Markup(f"<p>{summary}</p>"), changed_at=None, form=form
    )
