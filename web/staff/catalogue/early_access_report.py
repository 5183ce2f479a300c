"""What staff are told of the pieces that leave before a product opens to everybody."""

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
    """None where nothing was ever sold early, and nothing can be."""
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
        return "The product has no day in “On sale from”, so nobody is early and the number does nothing."
    when = weekday_and_time(opens)
    if opens > clock.now():
        return f"It opens to everybody on {when}; what is left of them then goes to everybody too."
    return f"It has been open to everybody since {when}, so the number does nothing any more."


def more_than_there(allotment: int | None, details: VariantDetails, *, on_hand: int | None = None) -> str:
    """Words to put behind another sentence, when staff promise early buyers more than there is."""
    there = details.on_hand if on_hand is None else on_hand
    if allotment is None or not details.tracks_stock or details.sells_when_out or allotment <= there:
        return ""
    return f" Early buyers may have more than the {there} on hand: nothing is kept back for everybody else."


def _sold(number: int) -> str:
    if number == 0:
        return "No piece is sold or held early so far."
    return f"{number} piece{' is' if number == 1 else 's are'} sold or held early."
