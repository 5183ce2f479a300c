"""How long a parcel is on its way: the part of a delivery method's form from which dates are promised."""

from typing import Any

from components.checkout.delivery.delivery_terms import Method
from web.forms.fields import Many
from web.forms.form import Form
from web.forms.numbers import Whole

WEEKDAYS = (
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
)
MOST = 90


class TransitFields(Form):
    transit_least = Whole("Days on the way, at least", required=False, most=MOST, help="0 is the day it leaves you.")
    transit_most = Whole("Days on the way, at most", required=False, most=MOST, help="As the carrier says.")
    carrier_days = Many("The carrier delivers on", WEEKDAYS)

    def check(self) -> None:
        super().check()
        least, most = self.values.get("transit_least"), self.values.get("transit_most")
        if (least is None) != (most is None):
            missing = "transit_least" if least is None else "transit_most"
            self.refuse(missing, "Enter both, or leave both empty to promise no date.")
        elif least is not None and least > most:
            self.refuse("transit_most", "This must be at least as many as the fewest.")
        if most is not None and not self.values.get("carrier_days"):
            self.refuse("carrier_days", "Choose at least one day, or leave the days on the way empty.")

    @property
    def transit(self) -> dict[str, Any]:
        """As the method keeps it."""
        days = "".join(sorted(self.values["carrier_days"])) or "12345"
        return {
            "transit_least": self.values["transit_least"],
            "transit_most": self.values["transit_most"],
            "carrier_days": days,
        }


class ReadyFields(Form):
    """The same for a pickup place."""

    ready_days = Whole(
        "Working days until it is ready there",
        required=False,
        most=MOST,
        help="After packing: 0 where you pack it. Empty promises no day.",
    )

    @property
    def transit(self) -> dict[str, Any]:
        return dict.fromkeys(("transit_least", "transit_most"), self.values["ready_days"])


def transit_values(method: Method) -> dict[str, Any]:
    return {
        "transit_least": method.transit_least,
        "transit_most": method.transit_most,
        "carrier_days": tuple(method.carrier_days),
    }


def days_text(method: Method) -> str:
    """ "1 to 2 days on the way"; "" where no date can be promised."""
    if method.transit_least is None or method.transit_most is None:
        return ""
    is_one = method.transit_least == method.transit_most
    span = f"{method.transit_most}" if is_one else f"{method.transit_least} to {method.transit_most}"
    return f"{span} {'day' if span == '1' else 'days'} on the way"
