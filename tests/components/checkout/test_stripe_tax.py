"""What Stripe Tax says is taken as it is: over random shops, addresses, baskets and coupons, to the penny.

`BASKETS=2000 .venv/bin/pytest tests/components/checkout/test_stripe_tax.py` asks for more than the sixty.
"""

import asyncio
import os
import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from components.catalog.scopes import Scope
from components.checkout.taxes import stripe_tax, tax_notes
from components.checkout.taxes.tax_book import TaxedBuyer
from components.foundation import database, ids
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.invoices import invoice_lines
from components.payments.payment_refusals import PaymentRefused
from components.payments.taxes import tax_answers, tax_calls
from components.payments.taxes.tables import KeptTaxAnswer, TaxSale
from components.payments.taxes.tax_values import LineTax, StatedTax, TaxAddress, TaxAnswer, TaxedLine, TaxQuestion
from components.pricing import quotes, tax_names
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.delivery_charge import DeliveryChoice
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from tests.components.invoices.test_random_baskets import an_order
from tests.components.payments.conftest import Till, till
from tests.support.make_prices import AT, variant

__all__ = ["till"]
BASKETS = int(os.environ.get("BASKETS", "60"))
ADDRESSES = (
    TaxAddress("US", "NY", "10001", "New York", "1 Broadway"), TaxAddress("US", "NJ", "07102", "Newark", "1 Broad St"),
    TaxAddress("US", "OR", "97201", "Portland", "1 Oak"), TaxAddress("CA", "QC", "H2X 1Y4", "Montréal", "1 Rue"),
    TaxAddress("GB", "", "LS1 4AB", "Leeds", "4 Mill Lane"), TaxAddress("DE", "", "10115", "Berlin", "Weg 1"),
    TaxAddress("CH", "", "8001", "Zürich", "Weg 1"), TaxAddress("BR", "SP", "", "São Paulo", "Rua 1"),
)  # fmt: skip
CODES = {"reduced": "txcd_35010000"}
NUMBER = "FR40303265045"


def a_quote(dice: random.Random) -> Quote:
    kinds = ("standard", "standard", "reduced", "zero", "exempt")
    shop = replace(ShopSettings(), prices_include_tax=dice.choice(("yes", "no")))
    lines = [
        QuoteLine(
            variant(dice.randint(1, 30_000), n, tax_category=kind, is_taxable=kind != "exempt"), kind,
            dice.choice((1, 2, 7)),
        )
        for n, kind in enumerate(dice.choices(kinds, k=dice.randint(1, 7)), 1)
    ]  # fmt: skip
    off = CouponDiscount(
        UUID(int=9), "WINTER", "", dice.choice(("percent", "amount")), dice.randint(1, 9_000), Scope("everything")
    )
    return quotes.quote(
        lines, context=PriceContext.GUEST, delivery_benefit=None,
        delivery=DeliveryChoice(UUID(int=5), "Post", dice.choice((0, 1, 333, 1_999))),
        tax=tax_notes.at_checkout(shop), currency=dice.choice(("GBP", "USD", "EUR")), at=AT,
        coupon=off if dice.random() < 0.5 else None,
    )  # fmt: skip


async def test_totals_lines_rows_and_invoices_are_what_stripe_said(till: Till) -> None:
    dice, seen = random.Random(20_261_130), {"taxed": 0, "stacked": 0, "added": 0, "reversed": 0, "none": 0}
    for number in range(BASKETS):
        quote, address = a_quote(dice), dice.choice(ADDRESSES)
        buyer = TaxedBuyer(address.country, address.region, dice.choice(("", NUMBER)))
        question = stripe_tax.question(quote, buyer, address, CODES)
        if question is None:
            continue
        answer = await tax_calls.calculate(question, key=f"test:{number}")
        told = await tax_calls.client().v1.tax.calculations.retrieve_async(answer.calculation)
        found = stripe_tax.stated(quote, buyer, answer)
        assert found.total == told.amount_total, number
        assert found.tax == told.tax_amount_exclusive + told.tax_amount_inclusive, number
        assert [line.total for line in found.lines] == [line.total for line in quote.lines], "prices stay"
        for at, line in enumerate(found.lines):
            said = answer.lines.get(str(at + 1))
            assert line.tax == (said.tax if said else 0), number
        assert sum(row.amount for row in found.tax_rows) == found.tax, number
        order = an_order(found, dice)
        places = {(row.tax.name, row.tax.rate_bp): at for at, row in enumerate(found.tax_rows)}
        kept = tuple(
            replace(sold, taxes=tuple((places[each.tax.name, each.tax.rate_bp], each.net, each.amount)
                                      for each in line.taxes))
            for sold, line in zip(order.lines, found.lines, strict=True)
        )  # fmt: skip
        lines = invoice_lines.of_order(replace(order, lines=kept), club="Club")
        assert sum(line.tax for line in lines) == found.tax, number
        assert sum(line.total for line in lines) == found.total, number
        for printed, line in zip(lines, found.lines, strict=False):
            said_parts = [(share.net, share.amount) for share in line.taxes]
            assert [(part.net, part.tax) for part in printed.parts] == said_parts, number
        seen["taxed"] += bool(found.tax)
        seen["stacked"] += any(len(line.taxes) > 1 for line in found.lines)
        seen["added"] += bool(found.tax) and not found.there.inclusive
        seen["reversed"] += found.there.code == "reverse charge" or "Reverse charge" in found.there.note
        seen["none"] += not found.tax
    assert min(seen.values()) > BASKETS // 50, seen


def asked(**other: object) -> TaxQuestion:
    return replace(
        TaxQuestion("USD", (TaxedLine("1", 1499, 1, stripe_tax.GOODS),), 500, stripe_tax.DELIVERY,
                    TaxAddress("US", "WA", "98104", "Seattle", "920 5th Ave"), False),
        **other,
    )  # type: ignore[arg-type]  # fmt: skip


async def test_answers_that_were_kept_before_their_total_was_are_good(till: Till) -> None:
    await tax_answers.of_basket(asked())
    await database.execute("UPDATE tax_answer SET answer = (answer::jsonb - 'total')::json")
    kept = await tax_answers.of_basket(asked())
    assert kept.total is None
    order = ids.new()
    await tax_answers.take(asked(), kept, for_order=order)
    assert await tax_answers.of_basket(asked(), order=order) == kept


async def test_the_same_question_is_asked_once_until_some_hours_have_passed(till: Till) -> None:
    first = await tax_answers.of_basket(asked())
    assert await tax_answers.of_basket(asked()) == first
    assert (await tax_answers.of_basket(asked(inclusive=True))).calculation != first.calculation
    till.advance(hours=6, seconds=1)
    assert (await tax_answers.of_basket(asked())).calculation != first.calculation
    kept = await database.fetch_value("SELECT string_agg(t::text, ' ') FROM tax_answer t")
    assert "98104" not in kept and "920 5th" not in kept


async def test_no_answer_belongs_to_two_orders_and_none_is_changed(till: Till) -> None:
    answer = await tax_answers.of_basket(asked())
    order = ids.new()
    await tax_answers.take(asked(), answer, for_order=order)
    with pytest.raises(tax_answers.AnswerTaken):
        await tax_answers.take(asked(), answer, for_order=ids.new())
    assert await KeptTaxAnswer.count() == 0
    with pytest.raises(Exception, match="kept as it is"):
        await TaxSale.update({TaxSale.calculation: "taxcalc_other"}).where(TaxSale.reference_id == order)


async def test_asked_twice_at_once_either_shopper_has_the_answer_that_was_kept(till: Till) -> None:
    met = asyncio.Barrier(2)

    async def each() -> TaxAnswer:
        return await tax_answers.of_basket(asked(), before_asking=met.wait)

    first, second = await asyncio.gather(each(), each())
    assert first.calculation != second.calculation and first.says_the_same(second)
    kept = (await KeptTaxAnswer.objects().first()).answer  # type: ignore[union-attr]
    other = first if second.calculation in kept else second
    order = ids.new()
    await tax_answers.take(asked(), other, for_order=order)
    sale = await TaxSale.objects().first()
    assert sale is not None and sale.calculation in kept and sale.calculation in sale.answer
    with pytest.raises(tax_answers.AnswerTaken):
        await tax_answers.take(asked(), first, for_order=ids.new())


async def test_an_answer_that_says_another_tax_by_now_is_not_taken(till: Till) -> None:
    answer = await tax_answers.of_basket(asked())
    with pytest.raises(tax_answers.AnswerTaken):
        await tax_answers.take(asked(), replace(answer, delivery=None), for_order=ids.new())


def test_a_breakdown_that_does_not_come_to_the_tax_is_not_shown() -> None:
    """What counts is the line's tax, which is what Stripe's total has."""
    part = StatedTax("Sales Tax, Nowhere", "5", 1000, 50, "standard_rated")
    quote = a_quote(random.Random(3))
    answer = TaxAnswer("taxcalc_1", {"1": LineTax(1000, 51, (part,))}, None, AT + timedelta(days=90))
    found = stripe_tax.stated(quote, TaxedBuyer("US"), answer)
    assert [(share.tax.name, share.amount) for share in found.lines[0].taxes] == [("Tax", 51)]


def test_a_rate_is_told_with_all_its_decimals() -> None:
    name = tax_names.with_exact_rate("Sales Tax, New Jersey", "6.625")
    assert tax_names.told(name, 663) == ("Sales Tax, New Jersey", "6.625%")
    assert tax_names.told("VAT", 2000) == ("VAT", "20%") and tax_names.told("Tax (old)", 500) == ("Tax (old)", "5%")
    long = tax_names.with_exact_rate("Sales Tax, " + "x" * 80, "0.375")
    assert len(long) == 60 and tax_names.told(long, 38)[1] == "0.375%" and Decimal("0.375")


@pytest.mark.parametrize(
    ("address", "is_known"),
    [
        (TaxAddress("GB"), False),
        (TaxAddress("GB", line1="4 Mill Lane"), False),
        (TaxAddress("GB", "", "LS1 1AA", "", "4 Mill Lane"), False),
        (TaxAddress("GB", "", "LS1 1AA", "Leeds", "4 Mill Lane"), True),
        (TaxAddress("HK", "Kowloon", "", "Tsim Sha Tsui", "1 Nathan Road"), True),
        (TaxAddress("US", "WA", "", "Seattle", "920 5th Ave"), False),
        (TaxAddress("US", "WA", "98104", "Seattle", "920 5th Ave"), True),
        (TaxAddress("CA", "", "", "Ottawa", "1 Elm"), False),
        (TaxAddress("CA", "ON", "", "Ottawa", "1 Elm"), False),
        (TaxAddress("CA", "ON", "K1A 0B1", "Ottawa", "1 Elm"), True),
    ],
)
def test_stripe_is_asked_once_there_is_enough_of_an_address(address: TaxAddress, is_known: bool) -> None:
    assert stripe_tax.is_known(address) is is_known


def test_of_a_place_of_the_shops_only_what_the_country_is_taxed_by_is_needed() -> None:
    assert stripe_tax.is_known(TaxAddress("GB", line1="4 Mill Lane"), is_place=True)
    assert stripe_tax.is_known(TaxAddress("CA", "ON", "", "", "1 Elm"), is_place=True)
    assert not stripe_tax.is_known(TaxAddress("US", "WA", "", "", "920 5th Ave"), is_place=True)


def test_street_and_city_matter_where_the_tax_depends_on_them() -> None:
    british, american = TaxAddress("GB", "", "LS1 1AA", "Leeds", "4 Mill Lane"), asked().address
    assert stripe_tax.taxed_by(british) == TaxAddress("GB", "", "LS1 1AA")
    assert stripe_tax.taxed_by(american) == american


async def test_what_stripe_refused_is_not_asked_again_for_some_minutes(till: Till) -> None:
    nowhere = asked(address=TaxAddress("US", "WA", "78701", "Seattle", "920 5th Ave"))
    tries = []

    async def counted() -> None:
        tries.append(1)

    for _ in range(3):
        with pytest.raises(PaymentRefused) as refusal:
            await tax_answers.of_basket(nowhere, before_asking=counted)
        assert refusal.value.code == tax_answers.NOT_LOCATED
    assert len(tries) == 1
    till.advance(minutes=10, seconds=1)
    with pytest.raises(PaymentRefused):
        await tax_answers.of_basket(nowhere, before_asking=counted)
    assert len(tries) == 2
