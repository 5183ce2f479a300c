"""Telephone numbers: checked by the country of the address, kept as E.164, shown as a caller here dials them. Pure."""

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
    is_valid_number,
    parse,
    region_code_for_number,
)

from components.foundation.languages.words import _

LONGEST = 20


def checked(typed: str, country: str) -> str | None:
    """The number with its country code, such as +442079460018; None for one that cannot be dialled."""
    try:
        number = parse(typed, country or None)
    except NumberParseException:
        return None
    if not is_valid_number(number) or number.extension:
        return None
    return format_number(number, PhoneNumberFormat.E164)


def shown(number: str, home: str) -> str:
    """As it is dialled from `home`: without the country code if it belongs there, with it if not."""
    try:
        parsed = parse(number)
    except NumberParseException:
        return number
    is_near = region_code_for_number(parsed) == home
    return format_number(parsed, PhoneNumberFormat.NATIONAL if is_near else PhoneNumberFormat.INTERNATIONAL)


def wrong(country: str) -> str:
    """What is said of a number that cannot be used for an address there."""
    example = example_number_for_type(country, PhoneNumberType.MOBILE)
    if example is None:
        return _("Enter a phone number with its country code, like +44 7400 123456.")
    like = format_number(example, PhoneNumberFormat.NATIONAL)
    return _(
        "Enter a phone number like %(like)s, or one of another country with its code, like +44 7400 123456.", like=like
    )
