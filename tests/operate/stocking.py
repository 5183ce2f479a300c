"""`python -m tests.operate.stocking SLUG PIECES`: a product and a way to send it, in the data folder."""

import sys

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.checkout.delivery import delivery_methods, delivery_zones
from components.checkout.delivery.delivery_methods import MethodTerms
from components.checkout.taxes import tax_rates
from components.foundation.operations import terminal


async def stock() -> None:
    slug, pieces = sys.argv[1], int(sys.argv[2])
    variant = VariantDetails(price=2400, sku="MUG", on_hand=pieces)
    await products.create(ProductDetails(title="Mug"), [variant], slug=slug)
    zones = await delivery_zones.of_countries("GB")
    await delivery_methods.create_method(MethodTerms(name="Standard", fee=495, zones=zones))
    await tax_rates.set_rate("GB", rate_bp=2000)


if __name__ == "__main__":
    terminal.run(stock)
