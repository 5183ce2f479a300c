"""Refunding a line piece by piece gives back the whole line, to the penny."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from components.foundation import clock, ids
from components.orders.refunds import refund_allocation
from components.orders.views import LineSold, OrderView, PostalAddress, RefundMade, UnitsRefunded


def order(line: LineSold, refunds: tuple[RefundMade, ...] = (), *, is_included: bool = True) -> OrderView:
    now = clock.now()
    return OrderView(
        id=ids.new(), number="K-1", person=None, email="", name="", currency="GBP", goods=line.total,
        member_savings=0, delivery_list=0, delivery_saved=0, delivery=0, tax=line.tax, tax_rate=2000, tax_name="VAT",
        tax_is_included=is_included, total=line.total, credit=0, coupon=0, coupon_code="", joins=None,
        joining_fee=0, joining_trial_days=0, joining_words="", delivery_method="", delivery_words="",
        delivery_benefit=None, language="en",
        address=PostalAddress(name="", line1="", city="", postcode="", country="GB"), payment_reference=None,
        placed_at=now, expires_at=now, paid_at=now, stock_taken_at=now, cancelled_at=None, fulfilled_at=None,
        flagged_at=None, flag="", lines=(line,), parcel=None, refunds=refunds, notes=(),
    )  # fmt: skip


def line(total: int, quantity: int, tax: int = 0) -> LineSold:
    return LineSold(
        id=ids.new(), variant_id=ids.new(), product_id=ids.new(), sku="", title="Mug", variant_title="", slug="",
        picture="", quantity=quantity, regular_unit=0, unit=0, total=total, tax=tax, saved=0, coupon=0,
        rule_id=None, gift=None, trace=(),
    )  # fmt: skip


def refunded(line_id: UUID, quantity: int, amount: int, status: str = "succeeded") -> RefundMade:
    return RefundMade(
        id=ids.new(), amount=amount, credit=0, reason="", restocks=False, at=clock.now(), by=None, status=status,
        settled_at=None, lines=(UnitsRefunded(line=line_id, quantity=quantity, amount=amount),),
    )  # fmt: skip


@given(total=some.integers(0, 10**7), tax=some.integers(0, 10**6), pieces=some.lists(some.integers(1, 9), min_size=1))
def test_pieces_add_up_to_the_line(total: int, tax: int, pieces: list[int]) -> None:
    sold = line(total, sum(pieces), tax)
    made: tuple[RefundMade, ...] = ()
    for quantity in pieces:
        amount = refund_allocation.of_lines(order(sold, made, is_included=False), {sold.id: quantity})
        made += (refunded(sold.id, quantity, amount),)
    assert sum(one.amount for one in made) == total + tax
    assert refund_allocation.units_left(order(sold, made)) == {}


def test_a_failed_refund_gives_its_pieces_back() -> None:
    sold = line(3000, 3)
    failed = order(sold, (refunded(sold.id, 3, 3000, "failed"),))
    assert refund_allocation.units_left(failed) == {sold.id: 3}
    assert failed.left == 3000 and failed.state == "paid"
