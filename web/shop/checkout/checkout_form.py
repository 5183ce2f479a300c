"""The checkout form: contact and address, a delivery method, and what the page had shown."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from components.checkout.basket.priced_basket import MethodOption, PricedBasket
from components.checkout.basket.taxed_basket import GoesTo
from components.checkout.delivery import delivery_promises
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.checkout.placement import order_placement
from components.checkout.placement.order_placement import Details
from components.foundation import ids, text
from components.foundation.formatting import money
from components.foundation.languages.language import isolated
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from components.orders.views import PostalAddress
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from web import countries
from web.countries import name as country_name
from web.forms.address_fields import AddressFields
from web.forms.fields import Choice, EmailField, ReferenceField, Text, Tick
from web.forms.invoice_fields import WRONG_NUMBER, InvoiceFields
from web.forms.numbers import Whole
from web.forms.vat_number import asks_number, number_of
from web.shop.join.join_options import join_choices
from web.shop.pages.consent import ConsentFields
from web.visitor import Visitor


class CheckoutForm(AddressFields, InvoiceFields, ConsentFields):
    autofill = "shipping "

    email = EmailField(
        N_("E-mail"), autocomplete="email", help=N_("For your receipt and delivery updates."), inputmode="email"
    )
    name = Text(N_("Name"), longest=120, autocomplete="name")
    vat_number = Text(
        N_("VAT number, for a business"),
        longest=30,
        required=False,
        autocomplete="off",
        help=N_("Leave empty to buy privately."),
    )
    invoice_elsewhere = Tick(N_("Invoice to another address"))
    method = Choice(N_("Delivery"), as_radio=True, required=False)
    join = Choice(N_("Join with this order"), as_radio=True, required=False)
    shown_join = Text("Shown membership", longest=80, required=False)
    begins_now = Tick(N_("Begins at once"))
    keeps_credit = Tick(N_("Save my credit for another order"))
    coupon = Text(N_("Coupon code"), longest=60, required=False, autocomplete="off", form="checkout")
    shown_country = Text("Shown country", longest=2, required=False)
    seen = Text("Seen", longest=64, required=False)
    saves_card = Tick(
        N_("Save this card for next time"),
        help=N_("Your card details are stored by our payment provider. You can remove the card in your account."),
    )
    news = Tick(N_("E-mail me news and offers. I can unsubscribe at any time."))
    card = Text("Saved card", longest=100, required=False)
    total_seen = Whole("Shown total", required=False, most=10**15)
    form_key = ReferenceField("Form")

    def check(self) -> None:
        super().check()
        if asks_number() and self.values.get("vat_number") and self.values.get("country") and not self.number:
            self.refuse("vat_number", _(WRONG_NUMBER))

    @property
    def number(self) -> str:
        """Of the country the goods go to, or of the one the invoice goes to."""
        there = self.values.get("invoice_country") if self.wanted else ""
        here = self.values.get("country") or shop_settings.current().country
        return number_of(self.values.get("vat_number") or "", here, there or "")

    @property
    def goes_to(self) -> GoesTo:
        """As much of the address as has been typed."""
        there = {name: str(self.values.get(name) or "") for name in ("region", "postcode", "city", "line1")}
        return GoesTo(country=self.values.get("country") or shop_settings.current().country, **there)

    @property
    def wanted(self) -> bool:
        return asks_invoice() and bool(self.values.get("invoice_elsewhere"))

    @property
    def invoice_buyer(self) -> InvoiceBuyer | None:
        return self.buyer() if self.wanted else None

    @property
    def method_id(self) -> UUID | None:
        return UUID(self.method) if self.method else None

    @property
    def has_address(self) -> bool:
        return next(iter(self.typed.get("method", [])), "") not in dict(self.choices.get("pickup", ()))

    def address(self, known: DeliveryTerms) -> PostalAddress:
        """Where it is sent, or picked up."""
        method = next((one for one in known.methods if one.id == self.method_id), None)
        if method is None or method.pickup is None:
            return PostalAddress(**self.address_parts)
        return PostalAddress(name=self.name, phone=self.phone, is_pickup=True, **asdict(method.pickup))

    def details(self, known: DeliveryTerms) -> Details:
        return Details(
            email=self.email,
            address=self.address(known),
            shown_for=None if self.has_address else (self.country, self.values.get("region") or ""),
            method_id=self.method_id,
            form_key=self.form_key,
            seen=self.seen,
            uses_credit=not self.keeps_credit,
            vat_number=self.number,
            invoice_buyer=self.invoice_buyer,
            saves_card=self.saves_card,
            card=self.card,
            total_seen=self.total_seen,
            consent=self.consent,
            begins_now=self.begins_now,
        )


def asks_invoice() -> bool:
    """Whom an invoice is for is asked by a shop that issues some."""
    return shop_settings.current().invoices == "on"


async def choices(known: DeliveryTerms, visitor: Visitor) -> dict[str, Any]:
    """Countries in the shop's language, and every method: which are available is decided by the country."""
    return {
        "country": country_choices(known.countries),
        "invoice_country": countries.choices(),
        "method": [(str(method.id), method.name) for method in known.methods],
        "pickup": [(str(method.id), method.name) for method in known.methods if method.pickup],
        "join": await join_choices(visitor),
    }


def country_choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The shop's own country first, then by name."""
    home, *others = [(code, country_name(code)) for code in codes] or [("", "")]
    return [home, *sorted(others, key=lambda pair: text.place_in_list(pair[1]))] if codes else []


def form_values(form: CheckoutForm, shown: PricedBasket) -> CheckoutForm:
    """The form as shown on the page: with the values of this page, and only the methods available there."""
    form.choices["method"] = [(str(option.method.id), option.method.name) for option in shown.options]
    form.typed["method"] = [str(shown.method.id) if shown.method else ""]
    form.typed["country"] = [shown.country]
    form.typed["shown_country"] = [shown.country]
    joins = shown.joins.plan.slug if shown.joins else ""
    form.typed["join"], form.typed["shown_join"] = [joins], [joins]
    form.typed["seen"] = [order_placement.fingerprint(shown)]
    form.typed["form_key"] = form.typed.get("form_key") or [str(ids.new())]
    return form


def method_text(shown: PricedBasket) -> dict[str, Any]:
    """The text beside each method: its name, and its price for this shopper."""
    at = shown.shopper.at
    return {str(option.method.id): (_words(option, at), option.charge.charged) for option in shown.options}


def _words(option: MethodOption, at: datetime) -> str:
    """When it arrives; and a fee that is waived, to show what the waiver is worth."""
    saved = option.charge.saved
    listed = _("%(sum)s, free for this order", sum=money(option.charge.listed)) if saved else ""
    arrives = delivery_promises.words_now(option.dates, at=at) if option.dates else ""
    own = isolated(option.method.words.strip()) if option.method.words else ""
    *before, last = [part.strip() for part in (own, arrives, listed) if part] or [""]
    return ". ".join([*(part.rstrip(".") for part in before), last])  # “7. Dez.” ends with a stop of its own
