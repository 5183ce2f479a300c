"""What an order says of the membership that was joined with it, in another language than the one it was placed in."""

from components.foundation.languages import enumerations, language
from components.foundation.languages.isolates import FIRST_STRONG
from components.foundation.languages.words import _, n_
from components.memberships.plans import plan_catalogue


def said(kept: str, *, kept_in: str, trial_days: int) -> str:
    """The order's own words, `kept`, for who reads the language in which they were kept; else the plan's name."""
    if (kept_in or language.own()) == language.current():
        return kept
    named = kept.lstrip(FIRST_STRONG)
    names = sorted((plan.name for plan in plan_catalogue.all_plans()), key=len, reverse=True)
    name = next((name for name in names if named.startswith(name)), _("Membership fee"))
    if not trial_days:
        return name
    return enumerations.with_detail(name, n_("%(num)s day free", "%(num)s days free", trial_days))
