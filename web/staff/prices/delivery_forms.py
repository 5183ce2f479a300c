"""The forms of delivery methods and pickup places."""

from typing import Any
from uuid import UUID

from components.checkout.delivery.delivery_methods import MethodTerms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method, PickupPlace
from components.foundation.postal.postal_forms import PARTS
from web.forms.address_fields import AddressFields
from web.forms.fields import Choice, Choices, Field, Many, Text, Wrong
from web.forms.numbers import AmountField, Whole
from web.forms.weights import Weight
from web.staff.prices.transit_fields import ReadyFields, TransitFields, transit_values

STEPS = (1, 2, 3, 4, 5)
BASES = (
    ("flat", "One price for every order"),
    ("price", "By the subtotal"),
    ("weight", "By weight"),
)
_WEIGHT, _AMOUNT = Weight("From"), AmountField("From", least=1)


class StepFee(AmountField):
    wants = ""  # said once, above them


class MethodForm(TransitFields):
    is_shared = True
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
    heaviest = Weight("Not for more than", required=False, help="Leave empty for any weight.")
    free_from = AmountField(
        "Free for everyone from",
        required=False,
        help="Subtotal, as your prices are typed. Leave empty for never.",
    )
    position = Whole("Sort order", most=99, help="The first method available for an address is preselected.")

    def check(self) -> None:
        super().check()
        if not self.values["zones"] and "zones" not in self.errors:
            self.refuse("zones", "Choose at least one zone.")
        self.bands = self._bands() if self.values["basis"] in ("price", "weight") else ()

    def _bands(self) -> tuple[tuple[int, int], ...]:
        kind: Field[int] = _WEIGHT if self.values["basis"] == "weight" else _AMOUNT
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
            **self.transit,
        )


class PickupForm(AddressFields, ReadyFields):
    is_shared = True
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
        return MethodTerms(
            name=self.name, words=self.words, fee=self.fee, position=self.position, pickup=place, **self.transit
        )


def method_form_values(method: Method) -> MethodForm:
    kind: Field[int] = _WEIGHT if method.basis == "weight" else _AMOUNT
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
        **transit_values(method),
        **steps,
    )


def zone_choices(known: DeliveryTerms) -> dict[str, Choices]:
    return {"zones": [(str(zone.id), zone.name) for zone in known.zones]}
