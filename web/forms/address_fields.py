"""An address in a form, as its country writes it: one set of fields, one template (`ui/address.html`)."""

from components.foundation.languages.words import N_, _
from components.foundation.postal import phone_numbers, postal_forms
from components.foundation.postal.postal_forms import PARTS, PostalForm, Rows
from components.foundation.shop_settings import shop_settings
from components.people.addresses import AddressParts
from web.forms.fields import Choice, Text
from web.forms.form import BoundField, Form

KEPT = ("name", *PARTS, "country", "phone")
"""What is kept of an address, by the names that forms, the address book and orders have in common."""


class AddressFields(Form):
    """The country decides about the others. What is typed for parts that it does not have stays in the form, hidden,
    so that choosing another country loses nothing; `values` hold only what the country has, as it is written there."""

    autofill = ""
    """Goes before each field's autocomplete, such as "shipping "."""

    country = Choice(N_("Country"), autocomplete="country")
    line1 = Text(N_("Address"), required=False, autocomplete="address-line1", help=N_("House number and street."))
    line2 = Text(N_("Flat, floor or building"), required=False, autocomplete="address-line2")
    district = Text(N_("Suburb"), longest=100, required=False, autocomplete="address-level3")
    city = Text(N_("Town or city"), longest=100, required=False, autocomplete="address-level2")
    region = Text(N_("State or province"), longest=100, required=False, autocomplete="address-level1")
    postcode = Text(N_("Postcode"), longest=20, required=False, autocomplete="postal-code")
    phone = Text(N_("Phone"), longest=40, required=False, autocomplete="tel", inputmode="tel")

    def check(self) -> None:
        if self.has_address:
            typed = {part: self.values.get(part) or "" for part in PARTS}
            for part in PARTS:
                if part not in self.postal.parts:
                    self.errors.pop(part, None)
            for part, words in self.postal.wrong(typed).items():
                self.refuse(part, words)
            self.values |= self.postal.cleaned(typed)
        self._check_phone()
        super().check()

    @property
    def has_address(self) -> bool:
        """Whether one is asked for at all: not where the goods are picked up."""
        return True

    @property
    def postal(self) -> PostalForm:
        chosen = next(iter(self.typed.get("country", [])), "")
        return postal_forms.of_country(chosen, postal_forms.language_of(shop_settings.current().locale))

    @property
    def rows(self) -> Rows:
        return self.postal.rows

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The parts typed before, for another country, or before a pickup was chosen."""
        asked = self.postal.parts if self.has_address else ()
        return tuple(part for part in PARTS if part not in asked and any(self.typed.get(part, [])))

    @property
    def asks_phone(self) -> bool:
        return shop_settings.current().checkout_phone != "off"

    @property
    def needs_phone(self) -> bool:
        return shop_settings.current().checkout_phone == "required"

    @property
    def address_parts(self) -> AddressParts:
        """As the address book keeps it, and an order."""
        return {name: self.values.get(name) or "" for name in KEPT}  # type: ignore[return-value]

    def field(self, name: str) -> BoundField:
        """With the country's word for it, and required where the country requires it."""
        bound = super().field(name)
        if name in PARTS:
            bound.label, bound.required = self.postal.label(name), name in self.postal.required
            if name == "region" and self.postal.regions:
                bound.kind = "choice"
                first = (("", _("Please choose")),) if bound.required else ()
                self.choices["region"] = (*first, *(pair for pair in self.postal.regions if pair[0]))
        elif name == "phone":
            bound.required = self.needs_phone
            bound.help = _("In case there is a question about your delivery.")
        if name in KEPT and bound.autocomplete:
            bound.autocomplete = self.autofill + bound.autocomplete
        return bound

    def _check_phone(self) -> None:
        typed, country = self.values.get("phone") or "", self.values.get("country") or ""
        self.values["phone"] = phone_numbers.checked(typed, country) or "" if self.asks_phone else ""
        if not self.asks_phone:
            self.errors.pop("phone", None)
        elif typed and not self.values["phone"]:
            self.refuse("phone", phone_numbers.wrong(country))
        elif not typed and self.needs_phone:
            self.refuse("phone", _("“%(label)s” is required.", label=_("Phone")))
