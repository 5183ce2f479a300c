"""Kiln's delivery zones and methods, and its tax rates. Amounts in pence."""

from components.checkout.delivery import delivery_methods, delivery_zones
from components.checkout.delivery.delivery_methods import MethodTerms
from components.checkout.taxes import tax_rates

EUROPE = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PT", "SE")


async def lay_down() -> None:
    at_home = await delivery_zones.create_zone("United Kingdom", places=("GB",))
    europe = await delivery_zones.create_zone("Europe", places=EUROPE)
    standard = MethodTerms(
        name="Standard delivery",
        fee=495,
        zones=(at_home,),
        words="Two to four working days, by Royal Mail",
        free_from=9000,
        position=0,
        transit_least=2,
        transit_most=4,
        carrier_days="123456",
    )
    tomorrow = MethodTerms(
        name="Next working day",
        fee=895,
        zones=(at_home,),
        words="Order before noon for delivery tomorrow",
        position=1,
        transit_least=1,
        transit_most=1,
    )
    abroad = MethodTerms(
        name="Europe",
        fee=1450,
        zones=(europe,),
        words="Five to eight working days",
        position=2,
        transit_least=5,
        transit_most=8,
    )
    for terms in (standard, tomorrow, abroad):
        await delivery_methods.create_method(terms)
    await tax_rates.set_rate("GB", rate_bp=2000, name="VAT")
