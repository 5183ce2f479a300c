"""The basket: looking at it, putting in, changing, taking out. With htmx the part, without it a page."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components import catalog, checkout
from components.checkout import Contents, Shopper, Shown, Terms, baskets, contents, terms
from components.foundation import clock, database, settings
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships import club
from components.pricing import Quote
from web.forms import Form, Reference, Whole
from web.guards import anyone
from web.replies import see_other, with_notice, with_refusal
from web.shop.basket_cookie import with_basket
from web.shop.lines import Gone, Line, Row, club_words, gone_of, lines_of, sum_rows
from web.templating import money
from web.views import View, page, visitor_of, wants_partial
from web.visitor import Visitor


class AddForm(Form):
    variant = Reference("Product")
    quantity = Whole("Quantity", least=1, most=baskets.MOST, required=False)


class QuantityForm(Form):
    quantity = Whole("Quantity", least=0, most=baskets.MOST)


@dataclass(frozen=True, kw_only=True)
class ClubOffer:
    """What membership would take off this very basket."""

    title: str
    points: tuple[str, ...]
    action: str


@dataclass(frozen=True, kw_only=True)
class BasketPage(View):
    template: ClassVar[str] = "shop/basket/show.html"
    partial: ClassVar[str | None] = "shop/basket/_basket.html"

    lines: tuple[Line, ...]
    gone: tuple[Gone, ...]
    rows: list[Row]
    total: Money
    count: int
    may_be_bought: bool
    delivery_words: str
    offer: ClubOffer | None
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class AddedPart(View):
    """What stands beside the button once something was put in, or could not be."""

    template: ClassVar[str] = "shop/basket/_added.html"
    partial: ClassVar[str | None] = "shop/basket/_added.html"

    words: str
    is_refused: bool
    count: int


class BasketController(Controller):
    path = "/basket"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        return page(request, await _page(visitor, visitor.basket_token))

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Put in. A refusal leads back to the product with its words."""
        visitor, form = visitor_of(request), await AddForm.read(request)
        if not form.is_valid:
            return _not_added(request, None, "Choose what to put in your basket.")
        try:
            added = await baskets.add(
                visitor.basket_token,
                form.variant,
                quantity=form.quantity or 1,
                person_id=visitor.person_id,
                access=visitor.access,
            )
        except Refusal as refusal:
            return _not_added(request, form.variant, str(refusal))
        if wants_partial(request):
            count = await _count(added.token)
            words = added.words or f"{_title(form.variant)} is in your basket."
            answer = page(request, AddedPart(words=words, is_refused=False, count=count))
        else:
            answer = with_notice(see_other("/basket"), added.words or f"{_title(form.variant)} is in your basket.")
        return with_basket(answer, added.token)

    @post("/lines/{variant_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], variant_id: FromPath[UUID]) -> Response[Any]:
        form = await QuantityForm.read(request)
        found = await contents.of(visitor_of(request).basket_token)
        if found is None:
            return see_other("/basket")
        words = "Choose a number from 0 to 99."
        if form.is_valid:
            words = await baskets.change(found, variant_id, quantity=form.quantity)
        return await _changed(request, words)

    @post("/lines/{variant_id:uuid}/removal")
    async def destroy(self, request: Request[Any, Any, Any], variant_id: FromPath[UUID]) -> Response[Any]:
        found = await contents.of(visitor_of(request).basket_token)
        if found is not None:
            await baskets.remove(found, variant_id)
        return await _changed(request, "")


async def looked_at(visitor: Visitor, token: str | None) -> tuple[Contents | None, Terms]:
    """The basket and the terms of delivery, in one question."""
    if token is None:
        return None, await terms.current()
    found, known = await database.together(contents.question(token), terms.question())
    return found, known


async def _page(visitor: Visitor, token: str | None) -> BasketPage:
    found, known = await looked_at(visitor, token)
    shopper = Shopper(visitor.person_id, visitor.standing, visitor.at)
    shown = checkout.show(found, snapshot=catalog.snapshot(), terms=known, shopper=shopper)
    quote, theirs = shown.quote, None if visitor.is_member else _members(shown, known, visitor)
    return BasketPage(
        lines=lines_of(shown, theirs),
        gone=gone_of(shown),
        rows=sum_rows(quote, method=shown.method.name if shown.method else "", club=club_words(_club())),
        total=Money(quote.total, quote.currency),
        count=shown.count,
        may_be_bought=shown.may_be_bought,
        delivery_words=_delivery_words(shown),
        offer=_offer(shown, theirs, visitor) if theirs else None,
    )


def _delivery_words(shown: Shown) -> str:
    """How far away free delivery is, or why it is free."""
    if not shown.quote.needs_delivery:
        return ""
    if shown.method is None:
        return "We do not deliver to your country yet."
    charge = shown.quote.charge
    if charge.because == "threshold":
        return f"{shown.method.name} delivery is free for a basket of this size."
    if charge.saved:
        return f"{charge.words}."
    if charge.short_by:
        short = _with_tax(charge.short_by, shown)
        return f"Add {money(short)} more and {shown.method.name.lower()} delivery is free."
    return ""


def _with_tax(untaxed: int, shown: Shown) -> int:
    """What is missing at the prices on the page, rounded up."""
    tax = shown.quote.tax_terms
    return -(-untaxed * (10_000 + tax.rate_bp) // 10_000) if tax.inclusive else untaxed


def _members(shown: Shown, known: Terms, visitor: Visitor) -> Quote:
    """What the same basket costs members."""
    return checkout.quote_for(
        shown, known, context=club.context(visitor.at), benefit=club.free_delivery(visitor.at), at=visitor.at
    )


def _offer(shown: Shown, theirs: Quote, visitor: Visitor) -> ClubOffer | None:
    plan = club.plan(visitor.at)
    if plan is None:
        return None
    goods, delivery = shown.quote.goods - theirs.goods, shown.quote.delivery - theirs.delivery
    points = [f"Member prices: {money(goods)}"] if goods > 0 else []
    points += [f"Delivery: {money(delivery)}"] if delivery > 0 else []
    if not points:
        return None
    return ClubOffer(
        title=f"{money(goods + delivery)} less on this basket with {_club()}",
        points=(*points, f"{plan.name} is {plan.price_words}"),
        action=f"See what {_club()} gives you",
    )


async def _changed(request: Request[Any, Any, Any], words: str) -> Response[Any]:
    if not wants_partial(request):
        return back_to_basket(words)
    visitor = replace(visitor_of(request), at=clock.now())
    return page(request, replace(await _page(visitor, visitor.basket_token), said=words))


def back_to_basket(words: str) -> Response[Any]:
    """To the basket's page, with words on what did not work if there are any."""
    return _back_to("/basket", words)


def _back_to(path: str, words: str) -> Response[Any]:
    answer: Response[Any] = see_other(path)
    return with_refusal(answer, words) if words else answer


def _not_added(request: Request[Any, Any, Any], variant_id: FromPath[UUID] | None, words: str) -> Response[Any]:
    if wants_partial(request):
        count = visitor_of(request).basket_count
        return page(request, AddedPart(words=words, is_refused=True, count=count), status=422)
    variant = catalog.snapshot().variant(variant_id) if variant_id else None
    product = catalog.snapshot().product_by_id(variant.product_id) if variant else None
    return _back_to(f"/products/{product.slug}" if product else "/products", words)


async def _count(token: str) -> int:
    (count,) = await database.together(baskets.question(token))
    return count or 0


def _title(variant_id: UUID) -> str:
    variant = catalog.snapshot().variant(variant_id)
    product = catalog.snapshot().product_by_id(variant.product_id) if variant else None
    return product.title if product else "It"


def _club() -> str:
    return settings.current().club_name
