"""What this process knows of the shop's settings now."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
    """The defaults are those of a shop nobody has named yet."""

    shop_name: str = "My Shop"
    shop_tagline: str = "Welcome to our shop"
    club_name: str = "the Club"
    currency: str = "GBP"
    country: str = "GB"
    time_zone: str = "Europe/London"
    locale: str = "en_GB"
    shop_language: str = "en"
    shop_languages: str = ""
    order_prefix: str = "S"
    return_days: int = 30
    gift_years: int = 0
    renewal_credit: str = "no"
    mail_from: str = "My Shop <shop@example.org>"
    reply_to: str = ""
    brand_accent: str = "#1f4e79"
    brand_accent_dark: str = ""
    brand_ground: str = "#fafaf9"
    brand_sale: str = "#b3261e"
    brand_buttons: str = "accent"
    brand_headings: str = "figtree"
    brand_text: str = "figtree"
    brand_corners: str = "soft"
    brand_surface: str = "plain"
    brand_logo: str = ""
    brand_logo_dark: str = ""
    brand_icon: str = ""
    announcement_text: str = ""
    announcement_link: str = ""
    announcement_from: str = ""
    announcement_until: str = ""
    prices_include_tax: str = "yes"
    tax_region: str = ""
    vat_number: str = ""
    eu_sales: str = "home"
    export_prices: str = "same"
    fee_tax: str = "home"
    delivery_tax: str = "goods"
    tax_source: str = "own"
    tax_fallback: str = "wait"
    small_business: str = "no"
    small_business_note: str = ""
    company_name: str = ""
    company_street: str = ""
    company_town: str = ""
    company_phone: str = ""
    company_email: str = ""
    company_people: str = ""
    company_register: str = ""
    tax_number: str = ""
    invoices: str = "off"
    invoice_prefix: str = "INV-"
    credit_note_prefix: str = "CN-"
    invoice_years: str = "country"
    invoice_attached: str = "no"
    checkout_phone: str = "off"
    cancel_page: str = "country"
    dispute_lost: str = "ask"
    withdrawal_page: str = "country"
    renewal_notices: str = "year"
    renewal_notice_days: int = 21
    trial_notice_days: int = 3
    terms_consent: str = "off"
    terms_pages: str = "terms returns privacy"
    behaviour: str = "counts"
    behaviour_asking: str = "country"
    behaviour_months: int = 13
    personal_shelves: str = "on"
    trade: str = ""
    delivery_dates: str = "off"
    handling_least: int = 1
    handling_most: int = 2
    order_cutoff: str = "14:00"
    packing_days: str = "12345"
    packing_holidays: str = "yes"
    holiday_region: str = ""
    weight_unit: str = "kg"

    @property
    def asks_stripe_tax(self) -> bool:
        """Whether Stripe says what tax an order has: a small business below the limit has none to ask about."""
        return self.tax_source == "stripe" and self.small_business != "yes"

    def changed(self, written: Mapping[str, str]) -> "ShopSettings":
        """These settings, with those that are written down; names that are no setting are left out."""
        kinds = {one.name: one.type for one in fields(self)}
        given = {name: int(text) if kinds[name] is int else text for name, text in written.items() if name in kinds}
        return replace(self, **given)  # type: ignore[arg-type]


NAMES = tuple(one.name for one in fields(ShopSettings))
_tried: ContextVar[tuple[ShopSettings, int] | None] = ContextVar("settings that are tried", default=None)


class _Known:
    settings = ShopSettings()
    version = 0


def current() -> ShopSettings:
    """A few microseconds; never asks the database."""
    tried = _tried.get()
    return tried[0] if tried else _Known.settings


def version() -> int:
    """Differs after each change: part of the key of everything kept that shows a setting."""
    tried = _tried.get()
    return tried[1] if tried else _Known.version


def is_trial() -> bool:
    """Whether this request is answered with settings that are only tried."""
    return _tried.get() is not None


@contextmanager
def trying(written: Mapping[str, str]) -> Iterator[None]:
    """Inside, these settings hold instead, for this request only. Its versions are negative, so nothing mixes."""
    tried = _Known.settings.changed(written)
    digest = hashlib.blake2b(repr(tried).encode(), digest_size=6).digest()
    token = _tried.set((tried, -1 - int.from_bytes(digest)))
    try:
        yield
    finally:
        _tried.reset(token)


def use(known: ShopSettings) -> None:
    """From now on this process knows these settings."""
    if known != _Known.settings:
        _Known.settings = known
        _Known.version += 1
