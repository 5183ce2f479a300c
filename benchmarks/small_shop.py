"""`python -m benchmarks.small_shop`: a mug, a plan, a way to send it and an owner, in the environment's data folder."""

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.checkout.delivery import delivery_methods, delivery_zones
from components.checkout.delivery.delivery_methods import MethodTerms
from components.checkout.taxes import tax_rates
from components.foundation.operations import terminal
from components.memberships.editing import plans
from components.people import customer_accounts, operators

PRODUCT, PLAN, OWNER, PASSWORD = "mug", "annual", "iris@kiln.test", "kiln-demo"


async def stock() -> None:
    variant = VariantDetails(price=2400, sku="MUG", on_hand=1_000_000)
    await products.create(ProductDetails(title="Mug"), [variant], slug=PRODUCT)
    zones = await delivery_zones.of_countries("GB")
    await delivery_methods.create_method(MethodTerms(name="Standard", fee=495, zones=zones))
    await tax_rates.set_rate("GB", rate_bp=2000)
    await plans.create(slug=PLAN, name="Annual", summary="", price=3900, interval="year", by=None)
    iris = await customer_accounts.sign_up(OWNER, name="Iris Thorne", password=PASSWORD)
    await operators.add(iris.id, "owner")


if __name__ == "__main__":
    terminal.run(stock)
