"""All kinds of suggestions, in the order in which they are looked for."""

from components.foundation.refusals import NotFound
from components.insights.suggestions import (
    annual_interval,
    better_plans,
    bought_before,
    costly_cashback,
    delivery_thresholds,
    full_price_collections,
    heavy_users,
    likely_joiners,
    lost_renewals,
    vain_searches,
)  # fmt: skip
from components.insights.suggestions.suggestion_kind import SuggestionKind
from components.insights.suggestions.unused import unused_benefits, unused_coupons

KINDS: tuple[SuggestionKind, ...] = (
    bought_before.KIND,
    full_price_collections.KIND,
    costly_cashback.KIND,
    heavy_users.KIND,
    delivery_thresholds.JUST_ABOVE,
    delivery_thresholds.JUST_BELOW,
    lost_renewals.KIND,
    likely_joiners.KIND,
    annual_interval.KIND,
    better_plans.KIND,
    vain_searches.KIND,
    unused_benefits.UNUSED,
    unused_benefits.EARLY_UNUSED,
    unused_coupons.KIND,
)
_BY_KEY = {one.key: one for one in KINDS}


def suggestion_kind(key: str) -> SuggestionKind:
    if key not in _BY_KEY:
        raise NotFound
    return _BY_KEY[key]
