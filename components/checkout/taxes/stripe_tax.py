"""A basket as Stripe Tax is asked about it, and its quote with the taxes that Stripe says. Pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from components.checkout.taxes import tax_notes, vat_numbers
from components.checkout.taxes.tax_book import TaxedBuyer
from components.foundation.languages.words import _
from components.foundation.postal import postal_forms, tax_areas
from components.foundation.shop_settings import shop_settings
from components.payments.taxes.tax_values import LineTax, StatedTax, TaxAddress, TaxAnswer, TaxedLine, TaxQuestion
from components.pricing import tax_names
from components.pricing.destination_tax import TaxAtRate, TaxShare
from components.pricing.fee_destination import REVERSE_CHARGE
from components.pricing.quotes import PricedLine, Quote
from components.pricing.tax import NEVER_TAXED, STANDARD

STATED = "stripe tax"
"""The code of taxes that Stripe has worked out and that are not none."""
GOODS, UNTAXED, DELIVERY = "txcd_99999999", "txcd_00000000", "txcd_92010001"
TO_THE_STREET = ("US", "CA")
_ELSEWHERE = {"GB": "gb_vat", "AU": "au_abn", "NZ": "nz_gst"}


def usual_code(category: str) -> str:
    """What a category is called at Stripe while nobody has said."""
    if category == "delivery":
        return DELIVERY
    return UNTAXED if category in NEVER_TAXED else GOODS


def code_of(category: str, codes: Mapping[str, str]) -> str:
    """The one that counts: a category without a code of its own has the standard one's, where that can be taxed."""
    usual = usual_code(category)
    return codes.get(category) or (codes.get(STANDARD, usual) if usual == GOODS else usual)


def is_known(address: TaxAddress, *, is_place: bool = False) -> bool:
    """Whether there is enough of an address to ask: a street and each part that the country's addresses need, so that
    nothing is asked while one is being typed. A place of the shop's (`is_place`) may have less, but what the country is
    taxed by."""
    if not address.country or not address.line1:
        return False
    if not is_place and not all(getattr(address, part) for part in _needed(address.country)):
        return False
    if address.country == "US":
        return len(address.postcode) >= 5
    return bool(address.region or address.postcode) if address.country == "CA" else True


def _needed(country: str) -> list[str]:
    return [part for part in ("city", "region", "postcode") if part in postal_forms.of_country(country).required]


def taxed_by(address: TaxAddress) -> TaxAddress:
    """What the tax there depends on: to the street in the United States and Canada, elsewhere to the postcode, of which
    Stripe knows the parts of a country that are taxed differently."""
    if address.country in TO_THE_STREET:
        return address
    return TaxAddress(address.country, region=address.region, postcode=address.postcode)


def question(quote: Quote, buyer: TaxedBuyer, address: TaxAddress, codes: Mapping[str, str]) -> TaxQuestion | None:
    """None where there is nothing that could be taxed. Of a line that is free Stripe is only told where delivery alone
    costs anything."""
    lines = [line for line in enumerate(quote.lines) if line[1].total] or list(enumerate(quote.lines))[:1]
    if not quote.delivery and not any(line.total for _at, line in lines):
        return None
    return TaxQuestion(
        currency=quote.currency,
        lines=tuple(_line(at, line, codes) for at, line in lines),
        delivery=quote.delivery,
        delivery_code=code_of("delivery", codes),
        address=address,
        inclusive=quote.there.inclusive,
        tax_id=_tax_id(buyer.vat_number, address.country),
    )


def _line(at: int, line: PricedLine, codes: Mapping[str, str]) -> TaxedLine:
    code = code_of(line.variant.taxed_as, codes)
    return TaxedLine(reference=str(at + 1), amount=line.total, quantity=line.quantity, code=code)


def _tax_id(number: str, country: str) -> tuple[str, str] | None:
    if not number:
        return None
    if vat_numbers.country_of(number):
        return ("eu_vat", number)
    return (_ELSEWHERE[country], number) if country in _ELSEWHERE else None


def stated(quote: Quote, buyer: TaxedBuyer, answer: TaxAnswer | None) -> Quote:
    """The quote with each line's taxes as Stripe said them; without an answer nothing in it could be taxed."""
    found = answer.lines if answer else {}
    lines = [_shares(found.get(str(at + 1))) for at in range(len(quote.lines))]
    delivery = _shares(answer.delivery if answer else None)
    note, code = _why_none(answer, buyer) if not any([*lines, delivery]) else ("", STATED)
    return quote.with_taxes(lines, delivery, note=note, code=code)


def _shares(line: LineTax | None) -> tuple[TaxShare, ...]:
    """Each tax that is charged. Where they do not come to the line's tax, that is what counts, as one tax."""
    if line is None:
        return ()
    shares = tuple(TaxShare(_at_rate(part), part.net, part.amount) for part in line.parts if _is_charged(part))
    if sum(share.amount for share in shares) == line.tax:
        return shares
    net = max((part.net for part in line.parts), default=line.amount)
    return (TaxShare(TaxAtRate(_("Tax"), max(1, round(line.tax * 10_000 / net)) if net else 1), net, line.tax),)


def _is_charged(part: StatedTax) -> bool:
    return bool(part.percent) and Decimal(part.percent) > 0


def _at_rate(part: StatedTax) -> TaxAtRate:
    """In hundredths of a per cent; a rate with more decimals is told by the name."""
    exact = Decimal(part.percent) * 100
    rate = max(1, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))
    name = part.name[:60] if exact == rate else tax_names.with_exact_rate(part.name, format(Decimal(part.percent), "f"))
    return TaxAtRate(name, rate)


def _why_none(answer: TaxAnswer | None, buyer: TaxedBuyer) -> tuple[str, str]:
    lines = [*answer.lines.values(), *([answer.delivery] if answer.delivery else [])] if answer else []
    if any(part.reason == "reverse_charge" for line in lines for part in line.parts):
        return tax_notes.reverse_charge(buyer.vat_number), REVERSE_CHARGE
    home = shop_settings.current().country
    if tax_areas.crosses_border(home, buyer.country):
        return tax_notes.import_charges(home, buyer.country), "export"
    return "", STATED
