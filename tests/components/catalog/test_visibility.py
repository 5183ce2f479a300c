"""Who sees a product, and who may buy it: one second before, at, and after every boundary."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from components.catalog import visibility
from components.catalog.scopes import EVERYTHING, Scope
from components.catalog.views import ProductView, Sale, VariantView
from components.catalog.visibility import Access, HeadStart, PurchaseStatus
from components.pricing import prices
from components.pricing.price_context import PriceContext
from tests.support.cells import every_cell

OPENING = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
THREE_DAYS = timedelta(hours=72)
MUGS, MUG = uuid4(), uuid4()
EARLY = Access(head_starts=(HeadStart(EVERYTHING, THREE_DAYS),))


def variant(**changed: object) -> VariantView:
    known = {
        "id": uuid4(), "product_id": MUG, "sku": None, "title": "", "options": (), "price": 2400, "compare_at": None,
        "sales": (), "available": 5, "needs_delivery": True, "is_taxable": True, "collection_ids": frozenset({MUGS}),
    }  # fmt: skip
    return VariantView(**{**known, **changed})  # type: ignore[arg-type]


def product(*variants: VariantView, public_from: datetime | None = OPENING, members_only: bool = False) -> ProductView:
    return ProductView(
        id=MUG, slug="moon-mug", title="Moon mug", description="", vendor="", kind="", tags=(), option_names=(),
        public_from=public_from, members_only=members_only, position=0, created_at=OPENING,
        variants=variants or (variant(),), pictures=(), collection_ids=frozenset({MUGS}), stamp=1,
    )  # fmt: skip


@every_cell(
    ("at", "why"),
    [
        (OPENING - timedelta(days=30) - SECOND, PurchaseStatus.UNANNOUNCED),
        (OPENING - timedelta(days=30), PurchaseStatus.NOT_YET),
        (OPENING - SECOND, PurchaseStatus.NOT_YET),
        (OPENING, PurchaseStatus.OPEN),
        (OPENING + SECOND, PurchaseStatus.OPEN),
    ],
)
def test_everybody(at: datetime, why: PurchaseStatus) -> None:
    seen = visibility.product_availability(product(), Access.NONE, at)
    assert (seen.why, seen.is_early) == (why, False)
    assert seen.is_buyable is (why is PurchaseStatus.OPEN)


@every_cell(
    ("at", "why", "is_early"),
    [
        (OPENING - THREE_DAYS - timedelta(days=30) - SECOND, PurchaseStatus.UNANNOUNCED, False),
        (OPENING - THREE_DAYS - SECOND, PurchaseStatus.NOT_YET, False),
        (OPENING - THREE_DAYS, PurchaseStatus.OPEN, True),
        (OPENING - SECOND, PurchaseStatus.OPEN, True),
        (OPENING, PurchaseStatus.OPEN, False),
    ],
)
def test_somebody_with_three_days_head_start(at: datetime, why: PurchaseStatus, is_early: bool) -> None:
    seen = visibility.product_availability(product(), EARLY, at)
    assert (seen.why, seen.is_early) == (why, is_early)
    assert seen.opens_at == OPENING - THREE_DAYS


def test_of_several_head_starts_the_longest_counts_and_only_where_it_covers() -> None:
    day = timedelta(days=1)
    elsewhere = HeadStart(Scope("collection", frozenset({uuid4()})), 5 * day)
    both = Access(head_starts=(HeadStart(EVERYTHING, day), HeadStart(Scope("collection", frozenset({MUGS})), 2 * day)))
    assert visibility.product_availability(product(), both, OPENING).opens_at == OPENING - 2 * day
    assert visibility.product_availability(product(), Access(head_starts=(elsewhere,)), OPENING).opens_at == OPENING


@every_cell(
    ("at", "most"),
    [
        (OPENING - THREE_DAYS - SECOND, None),
        (OPENING - THREE_DAYS, 2),
        (OPENING - timedelta(days=1) - SECOND, 2),
        (OPENING - timedelta(days=1), 5),
        (OPENING - SECOND, 5),
        (OPENING, None),
    ],
)
def test_of_several_caps_the_most_generous_of_those_that_let_her_in_counts(at: datetime, most: int | None) -> None:
    heads = (HeadStart(EVERYTHING, THREE_DAYS, 2), HeadStart(EVERYTHING, timedelta(days=1), 5))
    assert visibility.product_availability(product(), Access(head_starts=heads), at).most == most


def test_a_head_start_without_a_cap_takes_the_others_away() -> None:
    heads = (HeadStart(EVERYTHING, THREE_DAYS, 2), HeadStart(EVERYTHING, THREE_DAYS))
    elsewhere = HeadStart(Scope("collection", frozenset({uuid4()})), THREE_DAYS)
    assert visibility.product_availability(product(), Access(head_starts=heads), OPENING - SECOND).most is None
    assert (
        visibility.product_availability(product(), Access(head_starts=(heads[0], elsewhere)), OPENING - SECOND).most
        == 2
    )


def test_early_buyers_have_their_allotment_and_everybody_the_shelf() -> None:
    mug = variant(available=5, early_left=2)
    early, later = (visibility.product_availability(product(mug), EARLY, at) for at in (OPENING - SECOND, OPENING))
    assert [visibility.available(mug, seen) for seen in (early, later)] == [2, 5]
    assert variant(available=1, early_left=2).available_early == 1
    assert variant(available=None, early_left=2).available_early == 2
    assert variant(available=None).available_early is None


def test_a_head_start_for_one_variant_opens_only_that_one() -> None:
    moss, salt = variant(), variant()
    access = Access(head_starts=(HeadStart(Scope("variant", frozenset({moss.id})), THREE_DAYS),))
    mug, at = product(moss, salt), OPENING - THREE_DAYS
    assert visibility.product_availability(mug, access, at).is_buyable
    assert visibility.availability_of(mug, moss, access, at).is_buyable
    assert not visibility.availability_of(mug, salt, access, at).is_buyable


@every_cell("ids", [frozenset({MUGS}), frozenset({uuid4()})])
def test_a_members_only_product_is_seen_by_all_and_bought_by_those_it_is_for(ids: frozenset[UUID]) -> None:
    access = Access(members_only=(Scope("collection", ids),))
    for known, why in (
        (Access.NONE, PurchaseStatus.MEMBERS_ONLY),
        (access, PurchaseStatus.OPEN if MUGS in ids else PurchaseStatus.MEMBERS_ONLY),
    ):
        seen = visibility.product_availability(product(public_from=None, members_only=True), known, OPENING)
        assert (seen.why, seen.is_visible) == (why, True)


def test_a_members_only_product_with_a_date_waits_for_its_date_too() -> None:
    access = Access(members_only=(EVERYTHING,))
    mug = product(members_only=True)
    assert visibility.product_availability(mug, access, OPENING - SECOND).why is PurchaseStatus.NOT_YET
    assert visibility.product_availability(mug, access, OPENING).why is PurchaseStatus.OPEN
    assert visibility.product_availability(mug, Access.NONE, OPENING).why is PurchaseStatus.MEMBERS_ONLY


def test_every_change_of_standing_happens_at_a_named_boundary() -> None:
    mug, access = product(), EARLY
    known = sorted(visibility.boundaries(mug, access))
    at = OPENING - timedelta(days=40)
    while at < OPENING + timedelta(days=40):
        before, after = at, at + timedelta(hours=7)
        changed = (
            visibility.product_availability(mug, access, before).why
            is not visibility.product_availability(mug, access, after).why
        )
        changed |= visibility.is_new(mug, before) is not visibility.is_new(mug, after)
        if changed:
            assert any(before < boundary <= after for boundary in known)
        at = after


@every_cell(
    ("at", "price", "was"),
    [
        (OPENING - SECOND, 2400, None),
        (OPENING, 1800, 2400),
        (OPENING + THREE_DAYS - SECOND, 1800, 2400),
        (OPENING + THREE_DAYS, 2400, None),
    ],
)
def test_a_sale_is_on_from_its_first_instant_and_off_at_its_last(at: datetime, price: int, was: int | None) -> None:
    mug = variant(sales=(Sale(1800, OPENING, OPENING + THREE_DAYS),))
    seen = prices.resolve(mug, PriceContext.GUEST, at)
    assert (mug.price_at(at), seen.regular, seen.was) == (price, price, was)
