"""Plans that renew for longer than the law of the shop's country lets members be held: § 309 Nr. 9 BGB, say.

The shop renews a yearly plan for another year. Where a data file of consumer law has a rule "renewed_terms", staff are
told so before they make such a plan, and beside those there are: members who leave after a renewal get the unused
months back, from staff, by a refund of a part of the fee.
"""

from components.foundation import clock
from components.foundation.consumer_law import law_rules
from components.foundation.consumer_law.law_rules import LawRule
from components.foundation.shop_settings import shop_settings
from components.memberships.plans.plan_catalogue import PlanView

_WEEKS_OF_A_MONTH = 4
_MONTHS = {"month": 1, "year": 12}


def rule() -> LawRule | None:
    """That of the shop's country on this day, if there is one."""
    known = shop_settings.current()
    found = law_rules.rules("renewed_terms", on=clock.now().date(), country=known.country, region=known.tax_region)
    return min(found, key=lambda one: one.term_months, default=None)


def is_too_long(interval: str, count: int) -> bool:
    """Whether a plan that renews by this period needs the unused months given back to who leaves after a renewal."""
    asked = rule()
    if asked is None or interval == "life":
        return False
    months = count / _WEEKS_OF_A_MONTH if interval == "week" else _MONTHS[interval] * count
    return months >= asked.term_months


def concerns(plan: PlanView) -> bool:
    return plan.renews and is_too_long(plan.interval, plan.interval_count)


def source() -> str:
    """ "§ 309 Nr. 9 BGB"; "" where there is no such rule."""
    asked = rule()
    return asked.source if asked else ""
