"""The dates that a page between names, as its form sends them back."""

from components.foundation import clock
from components.memberships.billing.states import pause_lengths
from web.account.membership.pausing.pause_forms import local_day


def pause_now(months: int = 1) -> dict[str, str]:
    """Of a pause that starts today."""
    until = local_day(pause_lengths.end_of(clock.now().replace(microsecond=0), months))
    return {"start": "now", "months": str(months), "until": until.isoformat()}
