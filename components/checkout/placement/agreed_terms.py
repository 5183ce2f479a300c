"""E-mails that confirm an order or a membership, with the whole text of the pages that were agreed to.

A link would not do: whoever buys at a distance in the EU is owed the terms in a form that they can keep.
"""

from datetime import timedelta
from uuid import UUID

from markupsafe import Markup

from components.checkout import page_values
from components.content import markdown
from components.content.pages import agreements, page_placeholders
from components.content.pages.agreements import AgreedText
from components.foundation import clock
from components.foundation.languages import language
from components.memberships.facts import MembershipStarted
from components.messaging import rendering
from components.messaging.emails import membership_emails, order_emails
from components.messaging.rendering import AttachedText
from components.orders.facts import OrderPaid

JUST_NOW = timedelta(days=1)
"""Whoever joined agreed to it then; what somebody agreed to earlier has been sent before."""


async def confirm_order(fact: OrderPaid) -> None:
    with rendering.attaching(await _attached(fact.order_id, about="order")):
        await order_emails.confirmation(fact)


async def welcome_member(fact: MembershipStarted) -> None:
    with rendering.attaching(await _attached(fact.person_id, about="joining")):
        await membership_emails.welcome(fact)


async def _attached(about_id: UUID, *, about: str) -> tuple[AttachedText, ...]:
    """In the versions agreed to, in the shop's own language, as they are written."""
    since = clock.now() - JUST_NOW if about == "joining" else None
    texts = await agreements.texts(about_id, about=about, since=since)
    if not texts:
        return ()
    with language.speaking(language.own()):
        values = await page_values.values()
    return tuple([await _filled(one, values) for one in texts])


async def _filled(one: AgreedText, values: dict[str, str]) -> AttachedText:
    written = page_placeholders.fill(one.body, values).markdown
    html = Markup(await markdown.prepared(written))
    return AttachedText(title=one.title, html=html, text=await markdown.prepared_plain(written))
