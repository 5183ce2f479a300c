"""Who is behind the shop, at the foot of every e-mail: what the law of many countries wants in business letters."""

from components.foundation.languages.words import _
from components.foundation.shop_settings.shop_settings import ShopSettings


def company_lines(known: ShopSettings) -> tuple[str, ...]:
    """As far as the shop has said it; in the language that is spoken."""
    people = _("Represented by: %(people)s", people=known.company_people) if known.company_people else ""
    vat = _("VAT %(number)s", number=known.vat_number) if known.vat_number else ""
    lines = (
        _joined(", ", known.company_name, known.company_street, known.company_town),
        _joined(" · ", known.company_phone, known.company_email),
        _joined(" · ", people, known.company_register, vat),
    )
    return tuple(line for line in lines if line)


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)
