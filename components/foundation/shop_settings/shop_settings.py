"""What this process knows of the shop's settings now."""

from collections.abc import Mapping
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
    order_prefix: str = "S"
    return_days: int = 30
    mail_from: str = "My Shop <shop@example.org>"
    reply_to: str = ""
    prices_include_tax: str = "yes"
    tax_region: str = ""
    vat_number: str = ""
    eu_sales: str = "home"
    export_prices: str = "same"
    delivery_tax: str = "goods"
    small_business: str = "no"
    small_business_note: str = ""
    company_name: str = ""
    company_street: str = ""
    company_town: str = ""
    company_phone: str = ""
    company_email: str = ""
    company_people: str = ""
    company_register: str = ""
    terms_consent: str = "off"
    terms_pages: str = "terms returns privacy"

    def changed(self, written: Mapping[str, str]) -> "ShopSettings":
        """These settings, with those that are written down; names that are no setting are left out."""
        kinds = {one.name: one.type for one in fields(self)}
        given = {name: int(text) if kinds[name] is int else text for name, text in written.items() if name in kinds}
        return replace(self, **given)  # type: ignore[arg-type]


NAMES = tuple(one.name for one in fields(ShopSettings))


class _Known:
    settings = ShopSettings()
    version = 0


def current() -> ShopSettings:
    """A few microseconds; never asks the database."""
    return _Known.settings


def version() -> int:
    """Differs after each change: part of the key of everything kept that shows a setting."""
    return _Known.version


def use(known: ShopSettings) -> None:
    """From now on this process knows these settings."""
    if known != _Known.settings:
        _Known.settings = known
        _Known.version += 1
