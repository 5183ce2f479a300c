"""The last part of an address, made from a title in the shop's language: in German, "Führer" is "fuehrer"."""

import unicodedata

from components.foundation import text
from components.foundation.shop_settings import shop_settings

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def from_title(title: str) -> str:
    """For what is created without an address; "" of a title without letters and digits."""
    is_german = shop_settings.current().shop_language.partition("-")[0] == "de"
    return text.slug(unicodedata.normalize("NFC", title).translate(_GERMAN) if is_german else title)
