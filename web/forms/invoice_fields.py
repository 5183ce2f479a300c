"""Whom an invoice is addressed to, in a form: name, company, an address as its country writes it, a reference.

Their names begin with "invoice_", so that they can stand beside those of a delivery address.
"""

from components.checkout.taxes import vat_numbers
from components.foundation.languages.words import N_, _
from components.foundation.postal import postal_forms
from components.foundation.postal.postal_forms import PARTS, PostalForm, Rows
from components.foundation.shop_settings import shop_settings
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from web.forms.fields import Choice, Text
from web.forms.form import BoundField, Form
from web.forms.vat_number import asks_number, number_of

PREFIX = "invoice_"
KEPT_OF_BUYER = ("name", "company", *PARTS, "country", "reference")
WRONG_NUMBER = N_("This VAT number is not complete, or has a digit wrong. Please check it.")


class InvoicePart:
    """The address among these fields, as `ui/address.html` needs it."""

    def __init__(self, form: "InvoiceFields") -> None:
        self.form = form

    @property
    def postal(self) -> PostalForm:
        chosen = next(iter(self.form.typed.get("invoice_country", [])), "")
        return postal_forms.of_country(chosen, postal_forms.language_of(shop_settings.current().locale))

    @property
    def rows(self) -> Rows:
        return tuple(tuple(PREFIX + part for part in row) for row in self.postal.rows)

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The parts typed before, for another country."""
        others = (PREFIX + part for part in PARTS if part not in self.postal.parts)
        return tuple(name for name in others if any(self.form.typed.get(name, [])))

    def field(self, name: str) -> BoundField:
        return self.form.field(name)


class InvoiceFields(Form):
    """To inherit from. Nothing of it is checked where none is `wanted`."""

    invoice_company = Text(N_("Company"), longest=120, required=False, autocomplete="billing organization")
    invoice_name = Text(N_("Name"), longest=120, required=False, autocomplete="billing name")
    invoice_country = Choice(N_("Country"), required=False, autocomplete="billing country")
    invoice_line1 = Text(
        N_("Address"), required=False, autocomplete="billing address-line1", help=N_("House number and street.")
    )
    invoice_line2 = Text(N_("Flat, floor or building"), required=False, autocomplete="billing address-line2")
    invoice_district = Text(N_("Suburb"), longest=100, required=False, autocomplete="billing address-level3")
    invoice_city = Text(N_("Town or city"), longest=100, required=False, autocomplete="billing address-level2")
    invoice_region = Text(N_("State or province"), longest=100, required=False, autocomplete="billing address-level1")
    invoice_postcode = Text(N_("Postcode"), longest=20, required=False, autocomplete="billing postal-code")
    invoice_reference = Text(
        N_("Your reference"),
        longest=40,
        required=False,
        autocomplete="off",
        help=N_("Such as the number of your purchase order. It is printed on the invoice."),
    )

    @property
    def wanted(self) -> bool:
        return True

    @property
    def invoice_part(self) -> InvoicePart:
        return InvoicePart(self)

    def check(self) -> None:
        if self.wanted:
            self._check_buyer()
        else:
            for name in [name for name in self.errors if name.startswith(PREFIX)]:
                del self.errors[name]
        super().check()

    def _check_buyer(self) -> None:
        postal, typed = self.invoice_part.postal, {part: self.values.get(PREFIX + part) or "" for part in PARTS}
        for part in PARTS:
            if part not in postal.parts:
                self.errors.pop(PREFIX + part, None)
        if not (self.values.get("invoice_name") or self.values.get("invoice_company")):
            self.refuse("invoice_company", _("Give a company, a name, or both."))
        if not self.values.get("invoice_country"):
            self.refuse("invoice_country", _("Choose an option for “%(label)s”.", label=_("Country")))
        for part, words in postal.wrong(typed).items():
            self.refuse(PREFIX + part, words)
        self.values |= {PREFIX + part: value for part, value in postal.cleaned(typed).items()}

    def buyer(self, *, vat_number: str = "") -> InvoiceBuyer:
        """As an account keeps it, and an order."""
        told = {name: self.values.get(PREFIX + name) or "" for name in KEPT_OF_BUYER}
        return InvoiceBuyer(vat_number=vat_number, **told)

    def field(self, name: str) -> BoundField:
        """With the country's word for it, and required where the country requires it."""
        bound, part = super().field(name), name.removeprefix(PREFIX)
        if not name.startswith(PREFIX):
            return bound
        if part == "country":
            bound.required = True
        elif part in PARTS:
            postal = self.invoice_part.postal
            bound.label, bound.required = postal.label(part), part in postal.required
            if part == "region" and postal.regions:
                bound.kind = "choice"
                first = (("", _("Please choose")),) if bound.required else ()
                self.choices[name] = (*first, *(pair for pair in postal.regions if pair[0]))
        return bound


class BuyerForm(InvoiceFields):
    """With the VAT number, which at a checkout stands with the order."""

    invoice_vat_number = Text(N_("VAT number"), longest=30, required=False, autocomplete="off")

    def check(self) -> None:
        super().check()
        if self.asks_number and self.values.get("invoice_vat_number") and not self.number:
            self.refuse("invoice_vat_number", _(WRONG_NUMBER))

    @property
    def asks_number(self) -> bool:
        return asks_number()

    @property
    def number(self) -> str:
        """Of the country the invoice goes to, or of the EU country that its letters name."""
        typed = self.values.get("invoice_vat_number") or ""
        own = vat_numbers.country_of(typed.strip().upper())
        return number_of(typed, self.values.get("invoice_country") or "") or number_of(typed, own)

    @property
    def whole_buyer(self) -> InvoiceBuyer:
        return self.buyer(vat_number=self.number)


def typed_of(buyer: InvoiceBuyer) -> dict[str, str]:
    """To fill in the fields with what is known."""
    return {PREFIX + name: getattr(buyer, name) for name in KEPT_OF_BUYER}
