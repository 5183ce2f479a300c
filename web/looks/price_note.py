"""What the law asks a shop to say where prices are shown first: whether tax is in them, and that delivery is not."""

from dataclasses import dataclass

from components.content.site import site_content
from components.foundation import clock
from components.foundation.consumer_law import law_rules
from components.foundation.formatting import without_stop
from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.pricing import domestic_tax
from components.pricing.tax_names import said


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceNote:
    """`tax` is what the tax is called that prices include or, not `is_included`, are without; "" where there is none.

    `note` says why there is none. `href` is the page about delivery, "" until one is published.
    """

    tax: str = ""
    is_included: bool = True
    note: str = ""
    href: str = ""

    @property
    def tax_at_end(self) -> str:
        """For the end of a sentence: "MwSt"."""
        return without_stop(self.tax)


def price_note() -> PriceNote | None:
    """None for a shop of a country whose law does not ask for it."""
    shop = shop_settings.current()
    if not law_rules.rules("price_note", on=clock.now().date(), country=shop.country):
        return None
    page, home = site_content.current().of_kind("delivery"), domestic_tax.at_home()
    href = page.href if page else ""
    if shop.asks_stripe_tax:
        return PriceNote(tax=_("VAT"), is_included=shop.prices_include_tax == "yes", href=href)
    if home.note:
        return PriceNote(note=home.note, href=href)
    tax = domestic_tax.current_tax()
    return PriceNote(tax=said(tax.name) if tax.rate_bp else "", is_included=home.inclusive, href=href)
