"""Kiln's delivery methods and tax rates. Amounts in pence."""

from components.checkout.delivery import delivery_methods
from components.checkout.taxes import tax_rates

EUROPE = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PT", "SE")


async def lay_down() -> None:
    await delivery_methods.create_method(
        "Standard delivery",
        fee=495,
        countries=("GB",),
        words="Two to four working days, by Royal Mail",
        free_from=7500,
        position=0,
    )
    await delivery_methods.create_method(
        "Next working day", fee=895, countries=("GB",), words="Order before noon for delivery tomorrow", position=1
    )
    await delivery_methods.create_method(
        "Europe", fee=1450, countries=EUROPE, words="Five to eight working days", position=2
    )
    await tax_rates.set_rate("GB", rate_bp=2000, name="VAT")
