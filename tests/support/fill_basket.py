"""What tests of buying need: goods on the shelf, ways to deliver them, and somebody to buy them."""

from datetime import datetime
from uuid import UUID

from components.catalog.visibility import Access
from components.checkout.basket import basket_context, baskets, priced_basket
from components.checkout.basket.priced_basket import Shopper
from components.checkout.placement import order_placement
from components.checkout.placement.order_placement import Details
from components.checkout.placement.payment_page import PlacedOrder
from components.checkout.taxes import tax_rates
from components.foundation import clock, ids
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.orders.views import PostalAddress
from components.people import customer_accounts
from tests.support import make_delivery

HOME = PostalAddress(name="Noor Haddad", line1="4 Mill Lane", city="Leeds", postcode="LS1 4AB", country="GB")


async def ways() -> None:
    """Standard £3.95 free from £60, express £7.95, Europe £12, and VAT of a fifth in all British prices."""
    await make_delivery.method("Standard", "GB", fee=395, words="Two to three days", free_from=6000)
    await make_delivery.method("Express", "GB", fee=795, words="Tomorrow", position=1)
    await make_delivery.method("Europe", "DE", "FR", "IE", fee=1200, words="A week", position=2)
    await tax_rates.set_rate("GB", rate_bp=2000)


async def person(email: str = "noor@kiln.test", name: str = "Noor Haddad") -> UUID:
    return (await customer_accounts.sign_up(email, name=name, password="kiln-demo")).id


async def shopper(person_id: UUID | None = None, at: datetime | None = None) -> Shopper:
    at = at or clock.now()
    standing = await entitlements.for_person(person_id, at) if person_id else CustomerEntitlements.NONE
    return Shopper(person_id, standing, at)


async def basket_of(variant_id: UUID, quantity: int = 1, *, access: Access = Access.NONE) -> str:
    return (await baskets.add(None, variant_id, quantity=quantity, access=access)).token


async def details(token: str, who: Shopper, *, method: str = "Standard", email: str = "noor@kiln.test") -> Details:
    """The form as somebody sends it who has just looked at the page."""
    context = await basket_context.load(token, person_id=who.person_id, at=who.at, email=email)
    method_id = next(one.id for one in context.terms.methods if one.name == method)
    shown = priced_basket.price(context, who, country=HOME.country, method_id=method_id)
    return Details(
        email=email, address=HOME, method_id=method_id, form_key=ids.new(), seen=order_placement.fingerprint(shown)
    )


async def place(token: str, details: Details, who: Shopper) -> PlacedOrder:
    """As the checkout does: the basket is read, and placed as it was agreed to."""
    context = await basket_context.load(token, person_id=who.person_id, at=who.at, email=details.email)
    return await order_placement.place(context, details, shopper=who)


__all__ = ["HOME", "basket_of", "details", "person", "place", "shopper", "ways"]
