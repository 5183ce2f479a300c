"""What Kiln offers to members who are about to cancel, and how one of them took it instead."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock
from components.memberships.billing.states import current_states
from components.memberships.keeping_members import offers_made, save_offers

OFFERED = timedelta(days=300)
"""How long ago the offers were made."""
PERCENT_BP, PAYMENTS = 2_500, 3


async def begin(today: datetime, *, by: UUID) -> None:
    """A pause for those who buy little, and the next payments for less where it is too dear."""
    with clock.frozen(today - OFFERED):
        await save_offers.add(reason="use", kind="pause", by=by)
        await save_offers.add(reason="price", kind="discount", percent_bp=PERCENT_BP, payments=PAYMENTS, by=by)


async def take(subscription_id: UUID) -> None:
    """The member opens the page on which memberships are cancelled, and takes the discount that stands there."""
    current = await current_states.of_subscription(subscription_id)
    assert current.subscription is not None
    made = await offers_made.show(current)
    offered = next(one for one in made if one.kind == "discount")
    await save_offers.accept_discount(offered.id, person_id=current.subscription.payer)
