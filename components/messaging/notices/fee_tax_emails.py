"""The fee without tax, or with it again, before the first renewal that charges it so: both prices, the day, and why."""

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.memberships.billing import coming_price, subscriptions
from components.memberships.billing.states import fee_tax_moves
from components.memberships.facts import FeeTaxMoved
from components.memberships.plans import plan_catalogue, reverse_charges
from components.messaging.emails import member_recipients
from components.messaging.notices import cancel_links

_WITH_TAX = N_(
    "Without a VAT number of another EU country in your invoice address that counts for this shop, the fee has its tax "
    "in it again."
)


async def told(fact: FeeTaxMoved) -> None:
    move, found = await fee_tax_moves.by_id(fact.move_id), await subscriptions.by_id(fact.subscription_id)
    if move is None or found.ended_at:
        return
    before, after = plan_catalogue.by_version(move.from_version), await coming_price.of_renewal(found)
    if after.is_net != move.is_net:
        return  # it has become another one since, which is told by itself
    business, cancelling = await reverse_charges.of_payer(found.payer), cancel_links.made(found.id, move.renews_at)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"fee-tax:{move.id}",
            template="fee_tax_moves",
            subject=f"Your membership fee from {formatting.day(move.renews_at)}",
            secrets=cancelling.secrets,
            secrets_until=move.renews_at,
            plan_name=after.name,
            before=before.price_words,
            after=after.price_words,
            renews_at=move.renews_at,
            why=business.there.note if business else _(_WITH_TAX),
            cancel_link=cancelling.link,
        )
