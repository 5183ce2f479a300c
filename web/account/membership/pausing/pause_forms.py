"""The forms of a pause: from when, for how long, and the sum agreed to when coming back."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from components.foundation import clock, formatting
from components.foundation.languages.words import N_, _, n_
from components.foundation.shop_settings import shop_settings
from components.memberships.billing.states import pause_lengths
from components.memberships.tables import Subscription
from web.forms.fields import Choice, Choices
from web.forms.form import Form
from web.forms.numbers import Whole
from web.forms.times import Day

LENGTHS = tuple((str(months), "") for months in pause_lengths.MONTHS)
TODAY, AT_THE_END, ON_A_DAY = "now", "end", "on"


class HiddenSum(Whole):
    kind = "hidden"


class HiddenDay(Day):
    kind = "hidden"


class PauseForm(Form):
    """`until` is the last day that the confirmation page named."""

    start = Choice(N_("When should it start?"), ((TODAY, N_("Today")), (AT_THE_END, ""), (ON_A_DAY, "")), as_radio=True)
    on = Day(N_("Start date, if it is another day"), required=False)
    months = Choice(N_("How long?"), LENGTHS, as_radio=True)
    until = HiddenDay("Until", required=False)

    def check(self) -> None:
        if self.start == ON_A_DAY and not self.on and "on" not in self.errors:
            self.refuse("on", _("Choose the day on which the pause starts."))
        if self.start != ON_A_DAY and self.on:
            self.refuse("on", _("You’ve chosen a date. Choose “On another day” above as well, or clear the date."))


class ReturnForm(Form):
    """The amount that was shown, in minor units."""

    due = HiddenSum("Sum", most=100_000_000, required=False)


def begins_at(start: str, on: date | None, subscription: Subscription) -> datetime:
    now = clock.now().replace(microsecond=0)
    if start == AT_THE_END and subscription.current_period_end:
        return subscription.current_period_end
    if start == ON_A_DAY and on is not None:
        begins = datetime.combine(on, time(0, 0), tzinfo=_zone()).astimezone(UTC)
        return now if on == local_day(now) else begins
    return now


def local_day(at: datetime) -> date:
    return at.astimezone(_zone()).date()


def choices_of(running: Subscription, begins: datetime | None = None) -> dict[str, Choices]:
    """When a pause may start, and the lengths, each with the day it would end on if it began at that instant."""
    ends = formatting.day(running.current_period_end) if running.current_period_end else ""
    start = (
        (TODAY, _("Today")),
        (AT_THE_END, _("When the period you’ve paid for ends, on %(day)s", day=ends)),
        (ON_A_DAY, _("On another day until %(day)s", day=ends)),
    )
    from_at = begins or clock.now()
    return {"start": start, "months": lengths_from(from_at)}


def lengths_from(begins: datetime) -> Choices:
    return tuple(
        (
            str(months),
            n_(
                "%(num)s month, until %(day)s",
                "%(num)s months, until %(day)s",
                months,
                day=formatting.day(pause_lengths.end_of(begins, months)),
            ),
        )
        for months in pause_lengths.MONTHS
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(shop_settings.current().time_zone)
