"""What each kind of buyer is charged: hand-computed, one row for each cell. Amounts in minor units.

The parcel holds goods for 119.00 and delivery for 5.95; in the shops with tax on top the same numbers are net prices.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from components.checkout.taxes.tax_book import Rate, TaxBook, TaxedBuyer
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.pricing import fee_tax, quotes
from components.pricing.delivery_charge import DeliveryChoice
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from tests.support.cells import every_cell
from tests.support.make_prices import AT, variant

START = datetime(2000, 1, 1, tzinfo=UTC)
POST = DeliveryChoice(UUID(int=5), "Post", 595)
NUMBER_DE, NUMBER_FR = "DE136695976", "FR40303265045"


def rate(country: str, bp: int, name: str, category: str = "standard", region: str = "", **rest: object) -> Rate:
    given = {"id": UUID(int=bp), "is_added": False, "from_at": START, "until_at": None} | rest
    return Rate(country=country, region=region, category=category, name=name, rate_bp=bp, **given)  # type: ignore[arg-type]


BOOK = TaxBook(
    (
        rate("DE", 1900, "MwSt."),
        rate("DE", 700, "MwSt.", "reduced"),
        rate("FR", 2000, "TVA"),
        rate("FR", 550, "TVA", "reduced"),
        rate("GB", 2000, "VAT"),
        rate("CA", 500, "GST"),
        rate("CA", 1300, "HST", region="ON"),
        rate("CA", 700, "PST", region="BC", is_added=True),
        rate("US", 725, "Sales tax", region="CA"),
        rate("US", 0, "Sales tax", "reduced", region="CA"),
    )
)
DE = ShopSettings(country="DE", currency="EUR", vat_number=NUMBER_DE)
OSS = replace(DE, eu_sales="each")
NET = replace(DE, prices_include_tax="no")
EXPORTER = replace(DE, export_prices="without")
GB = ShopSettings(country="GB")
CA = ShopSettings(country="CA", currency="CAD", tax_region="BC", prices_include_tax="no")
US = ShopSettings(country="US", currency="USD", tax_region="CA", prices_include_tax="no")
SMALL = replace(DE, small_business="yes")


def charged(shop: ShopSettings, buyer: TaxedBuyer, *categories: str, at: datetime = AT) -> Quote:
    lines = [
        QuoteLine(variant(11900, n, tax_category=each, is_taxable=each != "exempt"), each, 1)
        for n, each in enumerate(categories or ("standard",), 1)
    ]
    tax = BOOK.tax(buyer, at, shop)
    return quotes.quote(
        lines, context=PriceContext.GUEST, delivery=POST, delivery_benefit=None, tax=tax, currency=shop.currency, at=at
    )


HOME = TaxedBuyer("DE")
CELLS = [
    # shop, buyer, categories → goods, delivery, total, rows of (name, rate, amount)
    (DE, HOME, ("standard",), 11900, 595, 12495, [("MwSt.", 1900, 1900 + 95)]),
    (DE, HOME, ("reduced",), 11900, 595, 12495, [("MwSt.", 700, 779 + 39)]),
    (DE, HOME, ("zero",), 11900, 595, 12495, []),
    (DE, HOME, ("exempt",), 11900, 595, 12495, []),
    # Delivery follows the goods in equal halves of 2.98 and 2.97: 0.48 at 19% and 0.19 at 7%.
    (DE, HOME, ("standard", "reduced"), 23800, 595, 24395, [("MwSt.", 1900, 1900 + 48), ("MwSt.", 700, 779 + 19)]),
    (replace(DE, delivery_tax="standard"), HOME, ("reduced",), 11900, 595, 12495,
     [("MwSt.", 1900, 95), ("MwSt.", 700, 779)]),
    (NET, HOME, ("standard",), 11900, 595, 14869, [("MwSt.", 1900, 2261 + 113)]),
    # Another EU country: the shop's own tax below the limit, else the buyer's.
    (DE, TaxedBuyer("FR"), ("standard",), 11900, 595, 12495, [("MwSt.", 1900, 1995)]),
    (OSS, TaxedBuyer("FR"), ("standard",), 11900, 595, 12495, [("TVA", 2000, 1983 + 99)]),
    (OSS, TaxedBuyer("FR"), ("reduced",), 11900, 595, 12495, [("TVA", 550, 620 + 31)]),
    (OSS, TaxedBuyer("IT"), ("standard",), 11900, 595, 12495, [("MwSt.", 1900, 1995)]),
    # A business in another EU country pays no tax; at home, and with a number of the shop's country, it does.
    (DE, TaxedBuyer("FR", vat_number=NUMBER_FR), ("standard",), 10000, 500, 10500, []),
    (DE, TaxedBuyer("FR", vat_number=NUMBER_FR), ("reduced",), 11121, 556, 11677, []),
    (OSS, TaxedBuyer("FR", vat_number=NUMBER_FR), ("standard",), 9917, 496, 10413, []),
    (NET, TaxedBuyer("FR", vat_number=NUMBER_FR), ("standard",), 11900, 595, 12495, []),
    (DE, TaxedBuyer("DE", vat_number=NUMBER_DE), ("standard",), 11900, 595, 12495, [("MwSt.", 1900, 1995)]),
    (DE, TaxedBuyer("FR", vat_number=NUMBER_DE), ("standard",), 11900, 595, 12495, [("MwSt.", 1900, 1995)]),
    (replace(DE, vat_number=""), TaxedBuyer("FR", vat_number=NUMBER_FR), ("standard",), 11900, 595, 12495,
     [("MwSt.", 1900, 1995)]),
    # Exports have no tax: at the same price, or, if the shop says so, without its tax.
    (DE, TaxedBuyer("CH"), ("standard",), 11900, 595, 12495, []),
    (EXPORTER, TaxedBuyer("CH"), ("standard",), 10000, 500, 10500, []),
    (NET, TaxedBuyer("CH"), ("standard",), 11900, 595, 12495, []),
    (GB, TaxedBuyer("GB"), ("standard",), 11900, 595, 12495, [("VAT", 2000, 1983 + 99)]),
    (replace(GB, country="CH"), TaxedBuyer("GB"), ("standard",), 11900, 595, 12495, [("VAT", 2000, 2082)]),
    (GB, TaxedBuyer("IE"), ("standard",), 11900, 595, 12495, []),
    # Regions: added to the country's tax, instead of it, or the only one there.
    (CA, TaxedBuyer("CA", "BC"), ("standard",), 11900, 595, 13995, [("PST", 700, 833 + 42), ("GST", 500, 595 + 30)]),
    (CA, TaxedBuyer("CA", "ON"), ("standard",), 11900, 595, 14119, [("HST", 1300, 1547 + 77)]),
    (CA, TaxedBuyer("CA", "AB"), ("standard",), 11900, 595, 13120, [("GST", 500, 595 + 30)]),
    (US, TaxedBuyer("US", "CA"), ("standard",), 11900, 595, 13401, [("Sales tax", 725, 863 + 43)]),
    (US, TaxedBuyer("US", "CA"), ("reduced",), 11900, 595, 12495, []),
    (US, TaxedBuyer("US", "OR"), ("standard",), 11900, 595, 12495, []),
    (SMALL, HOME, ("standard",), 11900, 595, 12495, []),
]  # fmt: skip


@every_cell(("shop", "buyer", "categories", "goods", "delivery", "total", "rows"), CELLS)
def test_every_cell(
    shop: ShopSettings,
    buyer: TaxedBuyer,
    categories: tuple[str, ...],
    goods: int,
    delivery: int,
    total: int,
    rows: list[object],
) -> None:
    quote = charged(shop, buyer, *categories)
    assert (quote.goods, quote.delivery, quote.total) == (goods, delivery, total)
    assert [(row.tax.name, row.tax.rate_bp, row.amount) for row in quote.tax_rows] == rows
    assert quote.tax == sum(row.amount for row in quote.tax_rows)
    net = sum(row.net for row in quote.tax_rows)
    assert not rows or "zero" in categories or net + quote.tax == quote.total or len(rows) > 1 or shop in (CA, US)


def test_the_buyer_reads_why_there_is_no_tax() -> None:
    notes = {
        "reverse": charged(DE, TaxedBuyer("FR", vat_number=NUMBER_FR)).there.note,
        "import": charged(GB, TaxedBuyer("IE")).there.note,
        "small": charged(SMALL, HOME).there.note,
        "home": charged(DE, HOME).there.note,
    }
    assert notes["reverse"].startswith("Reverse charge") and NUMBER_FR in notes["reverse"]
    assert notes["import"].startswith("Sent from outside the EU: import VAT and customs duties")
    assert notes["small"].startswith("Gemäß § 19 UStG") and notes["home"] == ""


def test_a_planned_rate_begins_at_its_instant_and_a_removed_one_ends() -> None:
    later = AT + timedelta(days=1)
    book = TaxBook((*BOOK.rates, rate("DE", 2100, "MwSt.", from_at=later)))
    before, after = (book.tax(HOME, at, DE).terms().rate_bp for at in (later - timedelta(microseconds=1), later))
    assert (before, after) == (1900, 2100)
    gone = TaxBook((replace(BOOK.rates[0], until_at=AT),))
    assert gone.tax(HOME, AT, DE).terms().rate_bp == 0
    assert gone.tax(HOME, AT - timedelta(seconds=1), DE).terms().rate_bp == 1900


@every_cell(
    ("shop", "category", "tax"),
    [(DE, "standard", 80), (DE, "reduced", 33), (DE, "exempt", 0), (NET, "standard", 80), (SMALL, "standard", 0)],
)
def test_a_fee_holds_the_tax_of_its_category(shop: ShopSettings, category: str, tax: int) -> None:
    """5.00 with 19% in it holds 0.80, with 7% 0.33; also where prices are without tax: it was put on top."""
    shares = fee_tax.shares(500, category, BOOK.at_home(AT, shop))
    assert sum(share.amount for share in shares) == tax
