"""What each plan would have saved somebody in their last twelve months, beside what a year of it costs.

To the penny, and said of every plan, also where it would not have paid for itself.
"""

from collections.abc import Mapping, Sequence

from components.foundation.formatting import money
from components.foundation.languages.words import N_, _
from components.memberships.plans.breakeven import TrialTerms

_MORE = N_("On your last 12 months’ orders: %(saved)s, %(left)s more than the %(fee)s it costs for a year.")
_LESS = N_("On your last 12 months’ orders: %(saved)s, %(left)s less than the %(fee)s it costs for a year.")
_SAME = N_("On your last 12 months’ orders: %(saved)s, exactly what it costs for a year.")
_MORE_ONCE = N_("On your last 12 months’ orders: %(saved)s, %(left)s more than the %(fee)s it costs once.")
_LESS_ONCE = N_("On your last 12 months’ orders: %(saved)s, %(left)s less than the %(fee)s it costs once.")
_SAME_ONCE = N_("On your last 12 months’ orders: %(saved)s, exactly what it costs once.")


def year_words(trials: Sequence[TrialTerms]) -> Mapping[str, str]:
    """By the plan's slug; of plans that last a year, and where something was bought."""
    return {one.plan.slug: _said(one, one.past) for one in trials if one.past is not None and one.lasts_a_year}


def recommended(best: TrialTerms) -> str:
    """The slug of the plan that the verdict names, if a year like their last one pays for it; else none is."""
    return best.plan.slug if best.paid_off and best.lasts_a_year else ""


def _saved(trial: TrialTerms, saved: int) -> str:
    """How much, and what of it would be store credit."""
    if not trial.credit:
        return _("%(sum)s saved", sum=money(saved))
    return _("%(sum)s saved, of which %(credit)s in store credit", sum=money(saved), credit=money(trial.credit))


def _said(trial: TrialTerms, saved: int) -> str:
    left, is_once = saved - trial.year_fee, trial.plan.is_once
    told = {"saved": _saved(trial, saved), "left": money(abs(left)), "fee": money(trial.year_fee)}
    if left > 0:
        return _(_MORE_ONCE if is_once else _MORE, **told)
    if left < 0:
        return _(_LESS_ONCE if is_once else _LESS, **told)
    return _(_SAME_ONCE if is_once else _SAME, saved=told["saved"])
