"""The forms of delivery dates: how fast the shop packs, and its closed days."""

from datetime import date

from components.checkout.delivery import closed_days, public_holidays
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import MOST_HANDLING_DAYS
from web.forms.fields import Choice, Choices, Many, Text, Tick
from web.forms.form import Form
from web.forms.numbers import Whole
from web.forms.times import Day
from web.staff.prices.transit_fields import WEEKDAYS
from web.staff.settings.shop_settings_forms import SettingsForm


class DeliveryDatesForm(SettingsForm):
    delivery_dates = Choice(
        "Delivery dates",
        (("off", "Promise no dates"), ("on", "Tell customers when their order arrives")),
        as_radio=True,
    )
    packing_days = Many("You pack on", WEEKDAYS)
    order_cutoff = Text(
        "Orders count for the day until", longest=5, help="Later ones count for the next day you pack. Like 14:00."
    )
    handling_least = Whole("Working days to pack, at least", most=MOST_HANDLING_DAYS, help="0 is the same day.")
    handling_most = Whole("Working days to pack, at most", most=MOST_HANDLING_DAYS, help="What you can keep.")
    packing_holidays = Choice(
        "Public holidays", (("yes", "We do not pack on them"), ("no", "We pack on them too")), as_radio=True
    )
    holiday_region = Choice(
        "Holidays of", required=False, help="Where they differ within your country. Empty: those of all of it."
    )

    def check(self) -> None:
        super().check()
        if not self.values.get("packing_days"):
            self.refuse("packing_days", "Choose at least one day.")
        are_read = not {"handling_least", "handling_most"} & self.errors.keys()
        if are_read and self.values["handling_least"] > self.values["handling_most"]:
            self.refuse("handling_most", "This must be at least as many as the fewest.")

    def settings(self) -> dict[str, str]:
        days = "".join(sorted(self.values.get("packing_days") or ()))
        found = super().settings() | {"packing_days": days}
        return found if days else {name: text for name, text in found.items() if name != "packing_days"}

    @classmethod
    def filled(cls) -> "DeliveryDatesForm":
        known = shop_settings.current()
        given = {name: getattr(known, name) for name in cls.declared} | {"packing_days": tuple(known.packing_days)}
        return cls.blank(choices=choices(), **given)


class ClosedDaysForm(Form):
    first_day = Day("From")
    last_day = Day("Until", required=False, help="Empty: this one day.")
    words = Text("Reason", longest=100, required=False, help="For you and your colleagues, for example “Stocktaking”.")
    is_open = Tick("We do pack on these days, although we usually would not")

    def check(self) -> None:
        first: date | None = self.values["first_day"]
        last: date | None = self.values["last_day"]
        if first and last and not 0 <= (last - first).days < closed_days.LONGEST:
            self.refuse("last_day", f"Choose a day from then on, and at most {closed_days.LONGEST} days.")

    @property
    def until(self) -> date:
        return self.last_day or self.first_day


def choices() -> dict[str, Choices]:
    return {"holiday_region": public_holidays.regions(shop_settings.current().country)}
