"""The forms of Settings, Tax."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from components.checkout.taxes import tax_notes, tax_rates, vat_numbers
from components.foundation import clock
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import shop_settings
from web import countries
from web.forms.fields import Choice, Choices, Text, Tick
from web.forms.form import Form
from web.forms.times import Moment
from web.staff.settings.shop_settings_forms import SettingsForm


class RateForm(Form):
    country = Choice("Country")
    region = Text(
        "State or province", longest=60, required=False, help="Its name or code, such as California or CA. Empty: the "
        "whole country.",
    )  # fmt: skip
    category = Choice("For goods with the")
    rate = Text("Rate in per cent", longest=8, help="For example 20 or 5.5", inputmode="decimal")
    name = Text("Name", longest=60, help="As customers read it: VAT, MwSt., GST.")
    is_added = Tick("Added to the country’s own tax, not instead of it")
    from_at = Moment("From", required=False, help="Empty: now. Baskets have the new rate from this moment on.")

    def check(self) -> None:
        if self.values.get("rate") and self.basis_points is None:
            self.refuse("rate", "Enter a rate from 0 to 100 with at most two decimals.")
        region, country = self.values.get("region") or "", self.values.get("country") or ""
        if region and self.region_code is None:
            self.refuse("region", unknown_region(country))
        if self.values.get("is_added") and not region:
            self.refuse("is_added", "Only the tax of a state or province can be added to that of its country.")
        starts = self.values.get("from_at")
        if starts is not None and starts < clock.now() - timedelta(minutes=1):
            self.refuse("from_at", "A new rate cannot begin in the past: orders have been charged the old one.")

    @property
    def region_code(self) -> str | None:
        """None where addresses of the country name no such place."""
        return postal_regions.code(self.values.get("country") or "", self.values.get("region") or "")

    @property
    def basis_points(self) -> int | None:
        try:
            scaled = Decimal((self.values.get("rate") or "").rstrip("% ").replace(",", ".")) * 100
        except InvalidOperation:
            return None
        return int(scaled) if scaled.is_finite() and scaled == int(scaled) and 0 <= scaled <= 10_000 else None

    @property
    def starts(self) -> datetime | None:
        """None for now."""
        wanted: datetime | None = self.values.get("from_at")
        return wanted if wanted is not None and wanted > clock.now() else None


class KnownForm(Form):
    country = Choice("Well-known rates of")


class CategoryForm(Form):
    category_name = Text("Name", longest=30, help="For example “Wine” or “Printed books”.")


class TaxSettingsForm(SettingsForm):
    is_shared = True
    vat_number = Text(
        "Your VAT number", longest=30, required=False, help="On receipts. With it, business customers are asked theirs."
    )
    tax_region = Text(
        "Your state or province", longest=60, required=False, help="Its name or code, such as California or CA, where "
        "tax depends on it.",
    )  # fmt: skip
    small_business = Choice("Small business", (("no", "We charge tax"), ("yes", "We are below the limit: no tax")))
    small_business_note = Text(
        "Sentence on receipts", longest=200, required=False, help="For a small business. Empty: the usual one."
    )
    eu_sales = Choice(
        "Private customers in other EU countries",
        (("home", "Our own tax (up to €10,000 a year)"), ("each", "Their country’s tax (OSS)")),
        required=False,
    )
    export_prices = Choice(
        "Customers outside our tax area", (("same", "Pay the same price"), ("without", "Pay the price without our tax"))
    )
    fee_tax = Choice(
        "Tax in membership fees",
        (("home", "Our own country’s tax"), ("member", "The tax of the member’s country")),
        help="By the address in the member’s account. The fee stays as shown; only the tax in it differs. A business "
        "with a VAT number of another EU country pays it without tax.",
    )
    delivery_tax = Choice("Tax on delivery")

    def check(self) -> None:
        super().check()
        number, country = self.values.get("vat_number") or "", shop_settings.current().country
        if number and not vat_numbers.checked(number, country):
            self.refuse("vat_number", "This VAT number is not complete, or has a digit wrong. Please check it.")
        if postal_regions.code(country, self.values.get("tax_region") or "") is None:
            self.refuse("tax_region", unknown_region(country))

    def settings(self) -> dict[str, str]:
        """The number as it is written in full, the region by its code."""
        found = super().settings()
        if not found.get("eu_sales"):  # only shops in the EU are asked
            found.pop("eu_sales", None)
        number = vat_numbers.checked(found.get("vat_number", ""), shop_settings.current().country)
        region = postal_regions.code(shop_settings.current().country, found.get("tax_region", "")) or ""
        return found | {"vat_number": number or found.get("vat_number", ""), "tax_region": region}


class PricesForm(Form):
    prices_include_tax = Choice(
        "Your prices", (("yes", "Include tax"), ("no", "Tax is added at checkout")), as_radio=True
    )
    has_read = Tick("I have read what changes")


def unknown_region(country: str) -> str:
    """What to type instead."""
    known = postal_regions.of_country(country)
    if not known:
        return f"{countries.name(country)}: addresses there name no state or province. Leave this empty."
    some = ", ".join(f"{name} ({one})" for one, name in known[:3])
    return f"{countries.name(country)}: enter a state or province by its name or code, such as {some}."


async def rate_choices() -> dict[str, Choices]:
    names = await tax_rates.category_names()
    return {
        "country": countries.choices(),
        "category": tuple((slug, name) for slug, name in names.items() if slug != "zero"),
    }


async def settings_choices() -> dict[str, Choices]:
    names = await tax_rates.category_names()
    return {"delivery_tax": (("goods", "As the goods in the parcel, in proportion"), *names.items())}


async def tax_settings_form() -> TaxSettingsForm:
    known = shop_settings.current()
    values = {name: getattr(known, name) for name in TaxSettingsForm.declared}
    return TaxSettingsForm.blank(choices=await settings_choices(), **values)


def usual_note() -> str:
    return tax_notes.usual_small_business(shop_settings.current().country)
