"""Lines and totals as templates show them: of a basket, of a checkout, of an order."""

from dataclasses import dataclass
from typing import Any

from components.catalog.snapshot import snapshot_refresh
from components.checkout.basket.priced_basket import BasketLineView, PricedBasket
from components.foundation.formatting import percent
from components.foundation.languages.language import isolated
from components.foundation.languages.letter_case import after_colon
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import joining_words
from components.orders.delivery import delivery_text
from components.orders.views import LineSold, OrderView
from components.pricing.quotes import PricedLine, Quote
from components.pricing.tax_names import said, told
from components.pricing.traces import Step, about_this
from web.shop.line_pictures import picture_of

Row = tuple[Any, ...]
"""Text, amount, kind ("", "saved", "within" for a part of the whole), and possibly a struck-out list price."""


@dataclass(frozen=True, kw_only=True)
class LineView:
    """`was_total` and `saved` only where membership made the price; `with_club` where it would make a lower one,
    explained by `club_steps`.

    `total` is before what the coupon takes off the line. With a sale, `before` is the whole line's full price and
    `lowest_before` one unit's; `is_the_same` says that membership would not make it any cheaper. `note` gives the limit
    per member before general sale.
    """

    id: str
    title: str
    url: str | None
    picture: Any
    more: str
    quantity: int
    most: int
    unit: Money
    total: Money
    was_total: Money | None
    saved: Money | None
    steps: tuple[Step, ...]
    why: str
    lowest_before: Money | None = None
    coupon: Money | None = None
    words: str = ""
    note: str = ""
    with_club: Money | None = None
    is_the_same: bool = False
    before: Money | None = None
    club_steps: tuple[Step, ...] = ()
    why_url: str = ""
    refunded: int = 0
    """How many of these were refunded."""


@dataclass(frozen=True, kw_only=True)
class UnavailableLine:
    """A line that cannot be bought now, and why."""

    id: str
    title: str
    url: str | None
    picture: Any
    more: str
    words: str

    @property
    def with_reason(self) -> str:
        """ "Coat (sold out)"."""
        return f"{isolated(self.title)} ({after_colon(self.words.removesuffix('.'))})"


def basket_lines(shown: PricedBasket, theirs: Quote | None = None) -> tuple[LineView, ...]:
    """The lines that can be bought; `theirs` is a member's quote for the same basket."""
    members = {line.variant_id: line for line in theirs.lines if not line.gift} if theirs else {}
    priced = ((wanted, shown.priced(wanted.variant_id)) for wanted in shown.lines)
    return tuple(_line(wanted, line, members.get(wanted.variant_id)) for wanted, line in priced if line)


def unavailable_lines(shown: PricedBasket) -> tuple[UnavailableLine, ...]:
    return tuple(
        UnavailableLine(
            id=str(wanted.variant_id),
            title=wanted.title,
            url=f"/products/{wanted.product.slug}" if wanted.product else None,
            picture=picture_of(wanted.product, wanted.variant),
            more=_more(wanted),
            words=wanted.words,
        )
        for wanted in shown.lines
        if not wanted.is_available
    )


def _line(wanted: BasketLineView, line: PricedLine, members: PricedLine | None) -> LineView:
    currency = _currency()
    is_saved = line.saved > 0
    was = line.price.was
    is_the_same = bool(members and was and members.before_coupon == line.before_coupon)
    club = members if members and members.before_coupon < line.before_coupon else None
    return LineView(
        id=str(line.variant_id),
        title=line.title,
        url=f"/products/{wanted.product.slug}" if wanted.product else None,
        picture=picture_of(wanted.product, wanted.variant),
        more=_more(wanted),
        quantity=line.quantity,
        most=wanted.most,
        unit=Money(line.unit, currency),
        total=Money(line.before_coupon, currency),
        was_total=Money(line.regular_total, currency) if is_saved else None,
        saved=Money(line.saved, currency) if is_saved else None,
        steps=about_this(line.trace),
        why=next((step.said().words for step in line.trace if step.applied), "") if is_saved else "",
        words=wanted.words,
        note=wanted.note,
        why_url=f"/basket/lines/{line.variant_id}/why",
        with_club=Money(club.before_coupon, currency) if club else None,
        club_steps=about_this(members.trace) if members and (club or is_the_same) else (),
        is_the_same=is_the_same,
        before=Money(was * line.quantity, currency) if was and not is_saved else None,
        lowest_before=_lowest_before(line),
        coupon=Money(line.coupon, currency) if line.coupon else None,
    )


def _lowest_before(line: PricedLine) -> Money | None:
    """For one unit, with a reduction for everybody."""
    lowest = line.price.lowest_before
    return Money(lowest, _currency()) if line.price.was is not None and lowest is not None else None


def _more(wanted: BasketLineView) -> str:
    """The variant's title, unless it says no more than the product's."""
    title = wanted.variant.title if wanted.variant else ""
    return "" if title == wanted.title else title


def order_lines(order: OrderView, path: str) -> tuple[LineView, ...]:
    """`path` is the address of the order's page: the explanation of each line's price is below it."""
    return tuple(_sold(order, line, f"{path}/lines/{n}/why") for n, line in enumerate(order.lines, 1))


def _sold(order: OrderView, line: LineSold, why_url: str) -> LineView:
    product = snapshot_refresh.snapshot().product_by_id(line.product_id)
    variant = snapshot_refresh.snapshot().variant(line.variant_id)
    return LineView(
        id=str(line.id),
        title=line.title,
        url=f"/products/{product.slug}" if product else None,
        picture=picture_of(product, variant),
        more="" if line.variant_title == line.title else line.variant_title,
        quantity=line.quantity,
        most=line.quantity,
        unit=Money(line.unit, order.currency),
        total=Money(line.total + line.coupon, order.currency),
        was_total=Money(line.regular_unit * line.quantity, order.currency) if line.saved else None,
        saved=Money(line.saved, order.currency) if line.saved else None,
        steps=about_this(line.trace),
        why=line.why,
        why_url=why_url,
        refunded=order.units_refunded(line.id),
        coupon=Money(line.coupon, order.currency) if line.coupon else None,
    )


def total_rows(quote: Quote, *, method: str, club: str) -> list[Row]:
    """Goods at everybody's price, what the club takes off, delivery, and the tax in it."""
    money = _in(quote.currency)
    rows: list[Row] = [(_("Subtotal"), money(quote.regular_goods), "")]
    rows += _savings(quote.goods_saved - quote.gifts_worth, quote.gifts_worth, club, money)
    rows += coupon_row(quote.coupon.code if quote.coupon else "", quote.coupon_off, quote.currency)
    if quote.needs_delivery:
        listed = money(quote.delivery_list) if quote.delivery_saved else None
        rows.append((delivery_text.delivery(method), money(quote.delivery), "", listed))
    taxes = [(row.tax.name, row.tax.rate_bp, row.amount) for row in quote.tax_rows]
    rows += _taxes(taxes, money, is_included=quote.there.inclusive)
    return rows + _credit(quote.credit, money)


def order_total_rows(order: OrderView, *, club: str) -> list[Row]:
    money = _in(order.currency)
    goods_saved = sum(line.saved for line in order.lines if not line.gift)
    gifts = sum(line.saved for line in order.lines if line.gift)
    rows: list[Row] = [(_("Subtotal"), money(order.goods + order.coupon + goods_saved + gifts), "")]
    rows += _savings(goods_saved, gifts, club, money)
    rows += coupon_row(order.coupon_code, order.coupon, order.currency)
    if order.delivery_method:
        listed = money(order.delivery_list) if order.delivery_saved else None
        rows.append((delivery_text.delivery(order.delivery_method), money(order.delivery), "", listed))
    taxes = [(row.name, row.rate_bp, row.amount) for row in order.taxes if not row.of_fee]
    rows += _taxes(taxes, money, is_included=order.tax_is_included)
    if order.begins_membership:
        words = joining_words.said(order.joining_words, kept_in=order.language, trial_days=order.joining_trial_days)
        rows.append((words, money(order.joining_fee + order.joining_off), ""))
        rows += coupon_row(order.joining_code, order.joining_off, order.currency)
        of_fee = [(row.name, row.rate_bp, row.amount) for row in order.taxes if row.of_fee]
        rows += fee_tax_rows(of_fee, order.currency)
    return rows + _payments(order, money)


def order_whole(order: OrderView) -> Money:
    """What an order comes to, however it is paid."""
    return Money(order.charged + order.credit, order.currency)


def _payments(order: OrderView, money: Any) -> list[Row]:
    """Store credit is a payment like another, below the total, as on invoices and in e-mails."""
    if not order.credit:
        return []
    rest = _("Paid") if order.is_paid else _("To pay")
    rows: list[Row] = [(_("Paid with store credit"), money(order.credit), "payment")]
    return [*rows, (rest, money(order.charged), "payment")]


def _savings(members: int, gifts: int, club: str, money: Any) -> list[Row]:
    rows: list[Row] = [(_("%(club)s savings", club=club), money(members), "saved")] if members else []
    return rows + ([(_("Gifts"), money(gifts), "saved")] if gifts else [])


def coupon_row(code: str, off: int, currency: str) -> list[Row]:
    """What a code takes off: of the goods below them, of a fee below that."""
    return [(_("Coupon %(code)s", code=code), Money(off, currency), "saved")] if off else []


def _credit(credit: int, money: Any) -> list[Row]:
    return [(_("Store credit used"), money(credit), "saved")] if credit else []


def _taxes(taxes: list[tuple[str, int, int]], money: Any, *, is_included: bool) -> list[Row]:
    """One row for each name and rate."""
    words, kind = (N_("Including %(tax)s (%(rate)s)"), "within") if is_included else (N_("%(tax)s (%(rate)s)"), "")
    found = [(*told(name, rate_bp), amount) for name, rate_bp, amount in taxes]
    return [(_(words, tax=name, rate=rate), money(amount), kind) for name, rate, amount in found]


def fee_tax_rows(taxes: list[tuple[str, int, int]], currency: str) -> list[Row]:
    """The taxes in a fee that is paid with an order."""
    return [
        (
            _("Including %(tax)s (%(rate)s) in the fee", tax=said(name), rate=percent(bp)),
            Money(amount, currency),
            "within",
        )
        for name, bp, amount in taxes
    ]


def _in(currency: str) -> Any:
    return lambda amount: Money(amount, currency)


def _currency() -> str:
    return shop_settings.current().currency


def member_price_text(club: str) -> str:
    """The club's name at the start of a line, without its article: "the Club" becomes "Club"."""
    plain = club.removeprefix("the ")
    return plain[:1].upper() + plain[1:]
