"""Variants, rules and people for the tests of prices, made up or at random."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from components.catalog.scopes import Scope
from components.catalog.views import Sale, VariantView
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryChoice
from components.pricing.price_context import PriceContext
from components.pricing.quotes import QuoteLine
from components.pricing.rules import PriceRule
from components.pricing.tax import TaxTerms

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
COLLECTIONS = [UUID(int=900 + n) for n in range(3)]
instants = st.integers(-5, 5).map(lambda hours: AT + timedelta(hours=hours))
edges = st.none() | instants


def variant(price: int = 2400, number: int = 1, **rest: object) -> VariantView:
    given: dict[str, object] = {
        "id": UUID(int=number),
        "product_id": UUID(int=1000 + number),
        "sku": None,
        "title": "",
        "options": (),
        "price": price,
        "compare_at": None,
        "sales": (),
        "available": None,
        "needs_delivery": True,
        "is_taxable": True,
        "collection_ids": frozenset(),
        **rest,
    }
    return VariantView(**given)  # type: ignore[arg-type]


def rule(kind: str = "percent", value: int = 1000, number: int = 1, **rest: object) -> PriceRule:
    given: dict[str, object] = {"words": f"rule {number}", "scope": Scope("everything"), **rest}
    return PriceRule(id=UUID(int=number), kind=kind, value=value, **given)  # type: ignore[arg-type]


def context(*rules: PriceRule) -> PriceContext:
    return PriceContext.of(rules)


@st.composite
def variants(draw: st.DrawFn) -> VariantView:
    price = draw(st.integers(0, 50_000))
    sales = draw(st.lists(st.builds(Sale, st.integers(0, 50_000), edges, edges), max_size=3).map(tuple))
    return variant(
        price,
        draw(st.integers(1, 6)),
        compare_at=draw(st.none() | st.integers(0, 60_000)),
        sales=sales,
        needs_delivery=draw(st.booleans()),
        is_taxable=draw(st.booleans()),
        collection_ids=draw(st.frozensets(st.sampled_from(COLLECTIONS))),
    )


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    kind = draw(st.sampled_from(["everything", "collection", "product", "variant"]))
    pool = {
        "everything": st.just(frozenset()),
        "collection": st.frozensets(st.sampled_from(COLLECTIONS)),
        "product": st.frozensets(st.integers(1001, 1006).map(lambda n: UUID(int=n))),
        "variant": st.frozensets(st.integers(1, 6).map(lambda n: UUID(int=n))),
    }
    return Scope(kind, draw(pool[kind]))  # type: ignore[arg-type]


@st.composite
def rules(draw: st.DrawFn) -> PriceRule:
    kind = draw(st.sampled_from(["percent", "amount", "explicit"]))
    most = 10_000 if kind == "percent" else 60_000
    return rule(
        kind,
        draw(st.integers(0, most)),
        draw(st.integers(1, 10**9)),
        scope=draw(scopes()),
        from_at=draw(edges),
        until_at=draw(edges),
        for_everybody=draw(st.booleans()),
    )


contexts = st.lists(rules(), max_size=8).map(PriceContext.of)
lines = st.lists(st.builds(QuoteLine, variants(), st.just("It"), st.integers(1, 99)), max_size=6)
taxes = st.builds(TaxTerms, st.integers(0, 3000), st.booleans())
methods = st.none() | st.builds(
    DeliveryChoice, st.just(UUID(int=5)), st.just("Standard"), st.integers(0, 5000), st.none() | st.integers(0, 90_000)
)
benefits = st.none() | st.builds(
    DeliveryBenefit,
    st.just(UUID(int=7)),
    st.just("Free delivery"),
    st.sampled_from([frozenset(), frozenset({UUID(int=5)}), frozenset({UUID(int=6)})]),
    st.integers(0, 90_000),
)
