"""What staff read about items sold in early access."""

from dataclasses import dataclass

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products.stored_products import StoredVariant
from components.foundation import clock
from components.foundation.formatting import weekday_and_time


@dataclass(frozen=True, slots=True)
class EarlyAccessReport:
    """`count` for a table, "3 of 5"; `words` are whole sentences."""

    count: str
    words: str


def report(product: ProductDetails, variant: StoredVariant) -> EarlyAccessReport | None:
    """None where nothing was ever sold in early access, and nothing can be."""
    opens = product.public_from
    is_to_come = opens is not None and opens > clock.now()
    if not is_to_come and variant.early_allotment is None and not variant.early_taken:
        return None
    taken, allotment = variant.early_taken, variant.early_allotment
    count = str(taken) if allotment is None else f"{taken} of {allotment}"
    return EarlyAccessReport(count, f"{_sold(taken)} {_until(product)}")


def _until(product: ProductDetails) -> str:
    opens = product.public_from
    if opens is None:
        return "The product has no “On sale from” date, so there is no early access and this limit has no effect."
    when = weekday_and_time(opens)
    if opens > clock.now():
        return f"General sale starts on {when}; anything left then is available to everyone."
    return f"It has been on general sale since {when}, so this limit no longer has any effect."


def more_than_there(allotment: int | None, details: VariantDetails, *, on_hand: int | None = None) -> str:
    """A warning to append when the early-access limit is higher than the stock."""
    there = details.on_hand if on_hand is None else on_hand
    if allotment is None or not details.tracks_stock or details.sells_when_out or allotment <= there:
        return ""
    return f" The early-access limit is above the stock on hand ({there}): nothing is kept back for general sale."


def _sold(number: int) -> str:
    if number == 0:
        return "No items sold or reserved in early access so far."
    return f"{number} item{'' if number == 1 else 's'} sold or reserved in early access."
