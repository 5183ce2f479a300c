"""VAT and other business numbers: their form and their check digits. Whether one is registered is not looked up."""

from importlib import import_module

from components.foundation.postal.tax_areas import EU, number_prefix

_ELSEWHERE = {
    "GB": "stdnum.gb.vat",
    "CH": "stdnum.ch.vat",
    "NO": "stdnum.no.mva",
    "AU": "stdnum.au.abn",
    "NZ": "stdnum.nz.ird",
    "CA": "stdnum.ca.bn",
}
_COUNTRY_OF = {number_prefix(country): country for country in EU}


def country_of(number: str) -> str:
    """The EU country that a number in its international form belongs to; "" for any other."""
    return _COUNTRY_OF.get(number[:2], "")


def checked(number: str, country: str, *, may_be_eu: bool = False) -> str | None:
    """The number as it is written in full, or None when it cannot be one of this country.

    A number of the EU may be typed with or without its country's letters, spaces and dots; with the letters of another
    country of the EU it is one of that country. `may_be_eu`: goods go there, or the invoice, so that a number that
    begins as one of the EU is held to that one's check digits whatever country is named: it may do away with tax.
    """
    plain = "".join(character for character in number.upper() if character.isalnum())
    if not plain:
        return None
    try:
        if country in EU or (may_be_eu and country not in _ELSEWHERE and plain[:2] in _COUNTRY_OF):
            prefix = plain[:2] if plain[:2] in _COUNTRY_OF else number_prefix(country)
            return str(import_module("stdnum.eu.vat").validate(prefix + plain.removeprefix(prefix)))
        if country in _ELSEWHERE:
            found = str(import_module(_ELSEWHERE[country]).validate(number))
            return f"GB{found}" if country == "GB" else found
    except ValueError:  # stdnum's own refusal is one, and so is a letter it cannot count with
        return None
    return plain if 4 <= len(plain) <= 20 else None
