"""The forms of a pause: from when, for how long, and the sum agreed to when coming back."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from components.foundation import clock, formatting
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import pauses
from components.memberships.tables import Subscription
from web.forms.fields import Choice, Choices
from web.forms.form import Form
from web.forms.numbers import Whole
from web.forms.times import Day

LENGTHS = tuple((str(days), words) for days, words in pauses.CHOICES)
TODAY, AT_THE_END, ON_A_DAY = "now", "end", "on"


class PauseForm(Form):
    start = Choice("When should it start?", ((TODAY, "Today"), (AT_THE_END, ""), (ON_A_DAY, "")), as_radio=True)
    on = Day("Start date, if it is another day", required=False)
    days = Choice("How long?", LENGTHS, as_radio=True)


class HiddenSum(Whole):
    kind = "hidden"


class ReturnForm(Form):
    """The amount that was shown, in minor units."""

    due = HiddenSum("Sum", most=100_000_000, required=False)


def begins_at(start: str, on: date | None, subscription: Subscription) -> datetime:
    now = clock.now()
    if start == AT_THE_END and subscription.current_period_end:
        return subscription.current_period_end
    if start == ON_A_DAY and on is not None:
        zone = ZoneInfo(shop_settings.current().time_zone)
        begins = datetime.combine(on, time(0, 0), tzinfo=zone)
        return now if on == now.astimezone(zone).date() else begins
    return now


def start_choices(running: Subscription) -> dict[str, Choices]:
    ends = formatting.day(running.current_period_end) if running.current_period_end else ""
    start = (
        (TODAY, "Today"),
        (AT_THE_END, f"When the period you’ve paid for ends, on {ends}"),
        (ON_A_DAY, f"On another day until {ends}"),
    )
    return {"start": start}
