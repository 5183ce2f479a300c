"""Early access on a product's page: how many units, for whom, and until when."""

from dataclasses import dataclass
from datetime import datetime

from components.catalog.catalog_refusals import counted
from components.catalog.early_access.counts import EarlyCounts
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability
from components.checkout.basket.unit_limits import LimitReason, UnitLimit, limit
from components.foundation import formatting
from components.foundation.languages.words import N_, _, p_

FEW = 5
_FEW_EARLY, _MANY_EARLY = N_("Only %(count)s left in early access"), N_("%(count)s left in early access")


@dataclass(frozen=True, slots=True)
class EarlyAccessPart:
    """On general sale `at` that instant, which `when` says; `note` follows it."""

    at: datetime
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlyWait:
    """Why it cannot be bought now; `until` is the instant it opens, if there is one.

    `words` are in English, for the template: it puts `when`, or a countdown, in them.
    """

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
    return EarlyAccessPart(seen.public_from, from_then(seen.public_from), _note(found))


def from_then(at: datetime) -> str:
    return _("from %(when)s", when=formatting.weekday_and_time(at))


def _note(found: UnitLimit) -> str:
    if found.most is None:
        return ""
    most, left = counted(found.most), found.most - found.had
    if not found.had:
        return _("Limit %(count)s per member until then.", count=most)
    words = N_("Limit %(count)s per member until then; you can buy %(more)s more.")
    return _(words, count=most, more=p_("number", "one") if left == 1 else left)


def limit_reached_text(seen: Availability, found: UnitLimit) -> EarlyWait | None:
    """In stock and open to this visitor, but the quota or their own limit is used up."""
    if not seen.is_early or seen.public_from is None or not _is_used_up(found):
        return None
    opens, when = seen.public_from, from_then(seen.public_from)
    if found.bound is LimitReason.ALLOTMENT:
        return EarlyWait(
            _("Early access stock has sold out"), N_("The rest goes on general sale %(when)s."), when, opens
        )
    title = _("You have already ordered your limit of %(count)s", count=counted(found.most or 0))
    return EarlyWait(title, N_("More goes on general sale %(when)s."), when, opens)


def _is_used_up(found: UnitLimit) -> bool:
    return found.units == 0 and found.bound is not LimitReason.SHELF


def stock_text(variant: VariantView, seen: Availability) -> str:
    """The number in stock, in words; for early buyers the rest of the quota, where that is fewer."""
    if not variant.is_in_stock:
        return _("Currently sold out")
    there, early = variant.available, variant.early_left if seen.is_early else None
    if early is not None and (there is None or early < there):
        return _(_FEW_EARLY if early <= FEW else _MANY_EARLY, count=early)
    if there is None:
        return _("In stock")
    return _("Only %(count)s left", count=there) if there <= FEW else _("%(count)s in stock", count=there)
