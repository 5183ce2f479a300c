"""A business's VAT number in a form: asked for by a shop that has one itself."""

from components.checkout.taxes import vat_numbers
from components.foundation.postal import tax_areas
from components.foundation.shop_settings import shop_settings


def number_of(typed: str, *countries: str) -> str:
    """As it is kept, in the form of the first of these countries that it fits; "" for none, or one that cannot be
    right."""
    if not typed.strip() or not asks_number():
        return ""
    may_be_eu = any(tax_areas.in_eu(one) for one in countries)
    tried = (vat_numbers.checked(typed, one, may_be_eu=may_be_eu) for one in countries if one)
    return next((found for found in tried if found), "")


def asks_number() -> bool:
    shop = shop_settings.current()
    return bool(shop.vat_number) and shop.small_business != "yes"
