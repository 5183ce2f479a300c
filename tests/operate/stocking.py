"""`python -m tests.operate.stocking SLUG PIECES`: a product and a way to send it, in the data folder."""

import sys

from components import catalog
from components.checkout import delivery
from components.foundation import terminal


async def stock() -> None:
    slug, pieces = sys.argv[1], int(sys.argv[2])
    variant = catalog.VariantDetails(price=2400, sku="MUG", on_hand=pieces)
    await catalog.products.create(catalog.ProductDetails(title="Mug"), [variant], slug=slug)
    await delivery.create_method("Standard", fee=495, countries=("GB",))
    await delivery.set_tax("GB", rate_bp=2000)


if __name__ == "__main__":
    terminal.run(stock)
