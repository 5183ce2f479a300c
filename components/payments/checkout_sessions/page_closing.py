"""Before somebody is erased, nothing can be paid in their name any more: their open pages are expired at Stripe."""

from uuid import UUID

from piccolo.columns.combination import Combinable

from components.foundation.languages.words import _
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import NO_ANSWER, PaymentRefused
from components.payments.tables import CheckoutSession
from components.people import customer_accounts


async def close_open(person_id: UUID) -> str | None:
    """What cannot be closed now is waited for; what was paid at the last moment as well, until it is settled."""
    email = await customer_accounts.confirmed_email(person_id)
    theirs: Combinable = CheckoutSession.person_id == person_id
    if email:
        theirs = theirs | (CheckoutSession.email == email)
    is_open = CheckoutSession.status.is_in(["creating", "open"])
    for page in await CheckoutSession.objects().where(theirs & is_open).order_by(CheckoutSession.created_at):
        try:
            closed = await pages.expire(page)
        except (*NO_ANSWER, PaymentRefused):
            return _("A payment page of yours is still open. We are closing it.")
        if closed.is_open:
            return _("A payment page of yours is still open. We are closing it.")
        if closed.is_complete:
            return _("A payment of yours is still on its way.")
    return None
