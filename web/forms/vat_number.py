"""A business's VAT number in a form: asked for by a shop that has one itself."""

from components.checkout.taxes import vat_numbers
from components.foundation.shop_settings import shop_settings


def number_of(typed: str, *countries: str) -> str:
    """As it is kept, in the form of the first of these countries that it fits; "" for none, or one that cannot be
    right."""
    if not typed.strip() or not asks_number():
        return ""
    return next((found for one in countries if one and (found := vat_numbers.checked(typed, one))), "")


def asks_number() -> bool:
    shop = shop_settings.current()
    return bool(shop.vat_number) and shop.small_business != "yes"
