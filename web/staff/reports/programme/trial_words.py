"""How trials went, in words: those that still run are told, and are in no rate."""

from components.insights.programme.trial_rates import TrialCount
from web.staff.reports.programme.programme_spans import share


def trial_words(found: TrialCount) -> str:
    """ "5 of 12 trials, 25 waiting"."""
    waiting = f"{found.waiting} waiting" if found.waiting else ""
    if not found.decided:
        return waiting or "No trials"
    return ", ".join(filter(None, (f"{found.converted} of {found.decided} trials", waiting)))


def trial_formula(found: TrialCount) -> tuple[str, str]:
    """The value, and how it came about."""
    value = share(found.rate)
    waiting = f". Waiting: {found.waiting}" if found.waiting else ""
    return value, f"{found.converted} converted ÷ {found.decided} trials whose outcome is known = {value}{waiting}"
