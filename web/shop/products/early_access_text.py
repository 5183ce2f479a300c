"""Early access on a product's page: how many units, for whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from components.catalog.catalog_refusals import starting_with_number
from components.catalog.early_access.counts import EarlyCounts
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability
from components.checkout.basket.unit_limits import LimitReason, UnitLimit, limit
from components.foundation import formatting

FEW = 5


@dataclass(frozen=True, slots=True)
class EarlyAccessPart:
    """`words` precede `when`, the start of general sale `at` that instant; `note` follows it."""

    words: str
    at: datetime
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlyWait:
    """Why it cannot be bought now; `until` is the instant it opens, if there is one."""

    title: str
    words: str
    when: str
    until: datetime | None


def limit_for(product: ProductView, variant: VariantView, seen: Availability, had: EarlyCounts) -> UnitLimit:
    return limit(variant, seen, had=had.of(product.id))


def early_access_part(seen: Availability, found: UnitLimit) -> EarlyAccessPart | None:
    """None where there is no early access, or nothing left of it for this visitor."""
    if not seen.is_early or seen.public_from is None or _is_used_up(found):
        return None
    return EarlyAccessPart("Early access: on general sale", seen.public_from, _from(seen.public_from), _note(found))


def _from(at: datetime) -> str:
    return f"from {formatting.weekday_and_time(at)}"


def _note(found: UnitLimit) -> str:
    if found.most is None:
        return ""
    until_then = f"Limit {starting_with_number(found.most).lower()} per member until then"
    return f"{until_then}; you can buy {_more(found)}." if found.had else f"{until_then}."


def _more(found: UnitLimit) -> str:
    left = (found.most or 0) - found.had
    return f"{'one' if left == 1 else left} more"


def limit_reached_text(seen: Availability, found: UnitLimit) -> EarlyWait | None:
    """In stock and open to this visitor, but the quota or their own limit is used up."""
    if not seen.is_early or seen.public_from is None or not _is_used_up(found):
        return None
    when = _from(seen.public_from)
    if found.bound is LimitReason.ALLOTMENT:
        return EarlyWait("Early access stock has sold out", "The rest goes on general sale", when, seen.public_from)
    title = f"You have already ordered your limit of {starting_with_number(found.most or 0).lower()}"
    return EarlyWait(title, "More goes on general sale", when, seen.public_from)


def _is_used_up(found: UnitLimit) -> bool:
    return found.units == 0 and found.bound is not LimitReason.SHELF


def stock_text(variant: VariantView, seen: Availability) -> str:
    """The number in stock, in words; for early buyers the rest of the quota, where that is fewer."""
    if not variant.is_in_stock:
        return "Currently sold out"
    there, early = variant.available, variant.early_left if seen.is_early else None
    if early is not None and (there is None or early < there):
        return f"{'Only ' if early <= FEW else ''}{early} left in early access"
    if there is None:
        return "In stock"
    return f"Only {there} left" if there <= FEW else f"{there} in stock"
