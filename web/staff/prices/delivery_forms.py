"""The forms of delivery zones and methods."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from components.checkout.delivery.delivery_methods import MethodTerms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method, PickupPlace, Zone
from components.foundation.postal import postal_regions
from components.foundation.postal.postal_forms import PARTS
from web import countries
from web.forms.address_fields import AddressFields
from web.forms.fields import Choice, Choices, Field, Many, Text, Tick, Wrong
from web.forms.form import Form
from web.forms.numbers import AmountField, Kilos, Whole

STEPS = (1, 2, 3, 4, 5)
BASES = (
    ("flat", "One price for every order"),
    ("price", "By the subtotal before tax"),
    ("weight", "By weight"),
)
_KILOS, _AMOUNT = Kilos("From"), AmountField("From", least=1)


class StepFee(AmountField):
    wants = ""  # said once, above them


class MethodForm(Form):
    name = Text("Name", longest=100)
    words = Text("Description", longest=200, required=False, help="For example “Two to three working days”.")
    zones = Many("Offered in")
    basis = Choice("Price", BASES, as_radio=True)
    fee = AmountField("Fee")
    from1 = Text("From", longest=20, required=False)
    fee1 = StepFee("Fee from there on", required=False)
    from2 = Text("From", longest=20, required=False)
    fee2 = StepFee("Fee from there on", required=False)
    from3 = Text("From", longest=20, required=False)
    fee3 = StepFee("Fee from there on", required=False)
    from4 = Text("From", longest=20, required=False)
    fee4 = StepFee("Fee from there on", required=False)
    from5 = Text("From", longest=20, required=False)
    fee5 = StepFee("Fee from there on", required=False)
    heaviest = Kilos("Not for more than", required=False, help="Leave empty for any weight.")
    free_from = AmountField(
        "Free for everyone from", required=False, help="Subtotal before tax. Leave empty for never."
    )
    position = Whole("Sort order", most=99, help="The first method available for an address is preselected.")

    def check(self) -> None:
        if not self.values["zones"] and "zones" not in self.errors:
            self.refuse("zones", "Choose at least one zone.")
        self.bands = self._bands() if self.values["basis"] in ("price", "weight") else ()

    def _bands(self) -> tuple[tuple[int, int], ...]:
        kind: Field[int] = _KILOS if self.values["basis"] == "weight" else _AMOUNT
        found: list[tuple[int, int]] = []
        for step in STEPS:
            begin, fee = self.values[f"from{step}"], self.values[f"fee{step}"]
            if begin and fee is None:
                self.refuse(f"fee{step}", "Enter the fee from there on, 0 for none.")
            elif fee is not None and not begin:
                self.refuse(f"from{step}", "Enter where this fee begins.")
            elif begin:
                found.append((self._begin(kind, step, begin, found), fee))
        if not found and self.is_valid:
            self.refuse("from1", "Enter at least one step, or choose one price for every order.")
        return tuple(found)

    def _begin(self, kind: Field[int], step: int, typed: str, before: list[tuple[int, int]]) -> int:
        try:
            begin = kind.read(typed)
        except Wrong as wrong:
            self.refuse(f"from{step}", str(wrong))
            return 0
        if before and begin <= before[-1][0]:
            self.refuse(f"from{step}", "Each step must begin after the one before it.")
        return begin

    @property
    def shows_steps(self) -> bool:
        return self.values.get("basis") != "flat" or any(any(self.typed.get(f"from{step}", [])) for step in STEPS)

    @property
    def terms(self) -> MethodTerms:
        return MethodTerms(
            name=self.name,
            fee=self.fee,
            zones=tuple(UUID(zone) for zone in self.zones),
            words=self.words,
            basis=self.basis,  # type: ignore[arg-type]
            bands=self.bands,
            heaviest=self.heaviest,
            free_from=self.free_from,
            position=self.position,
        )


class PickupForm(AddressFields):
    name = Text("Name", longest=100, help="As customers choose it, for example “Pick up in the shop”.")
    words = Text("Description", longest=200, required=False, help="For example “Ready within two hours”.")
    hours = Text("Opening hours", longest=300, required=False, help="For example “Monday to Friday, 9 to 17”.")
    fee = AmountField("Fee", help="0 where picking up is free.")
    position = Whole("Sort order", most=99, help="The first method available for an address is preselected.")

    @property
    def asks_phone(self) -> bool:
        return False

    @property
    def terms(self) -> MethodTerms:
        parts = {name: self.values.get(name) or "" for name in (*PARTS, "country")}
        place = PickupPlace(**parts, hours=self.hours)
        return MethodTerms(name=self.name, words=self.words, fee=self.fee, position=self.position, pickup=place)


class ZoneForm(Form):
    name = Text("Name", longest=100, help="For you and your colleagues, for example “Europe”.")
    countries = Many("Countries")
    regions = Text(
        "Single states or provinces",
        longest=2000,
        required=False,
        help="Where only a part of a country belongs here: country and region codes, for example US-AK US-HI.",
    )
    is_rest = Tick("Rest of the world", help="Also every country that is in no other zone.")

    def check(self) -> None:
        unknown = [place for place in self.regional if not _is_region(place)]
        if unknown:
            self.refuse("regions", f"Not known: {', '.join(unknown)}. Write them like US-AK, separated by spaces.")
        if not self.values["countries"] and not self.regional and not self.values["is_rest"]:
            self.refuse("countries", "Choose at least one country, or the rest of the world.")

    @property
    def regional(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.values["regions"] or "").upper().replace(",", " ").split()))

    @property
    def places(self) -> tuple[str, ...]:
        return (*self.values["countries"], *self.regional)


def method_form_values(method: Method) -> MethodForm:
    kind: Field[int] = _KILOS if method.basis == "weight" else _AMOUNT
    steps: dict[str, Any] = {}
    for step, (begin, fee) in zip(STEPS, method.bands, strict=False):
        steps |= {f"from{step}": kind.write(begin), f"fee{step}": fee}
    return MethodForm.blank(
        name=method.name,
        words=method.words,
        zones=tuple(str(zone) for zone in method.zones),
        basis=method.basis,
        fee=method.fee,
        heaviest=method.heaviest,
        free_from=method.free_from,
        position=method.position,
        **steps,
    )


def zone_choices(known: DeliveryTerms) -> dict[str, Choices]:
    return {"zones": [(str(zone.id), zone.name) for zone in known.zones]}


def zone_form_values(zone: Zone) -> ZoneForm:
    whole = tuple(place for place in zone.places if "-" not in place)
    parts = " ".join(place for place in zone.places if "-" in place)
    return ZoneForm.blank(
        choices={"countries": countries.choices()}, name=zone.name, countries=whole, regions=parts, is_rest=zone.is_rest
    )


def places_text(places: Iterable[str], *, is_rest: bool) -> str:
    """A few of them by name."""
    names = sorted(place_name(place) for place in places)
    if is_rest:
        names.append("every country in no other zone")
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def place_name(place: str) -> str:
    country, _, region = place.partition("-")
    if not region:
        return countries.name(country)
    return f"{dict(postal_regions.of_country(country)).get(region, region)} ({countries.name(country)})"


def _is_region(place: str) -> bool:
    country, _, region = place.partition("-")
    return region in dict(postal_regions.of_country(country))
