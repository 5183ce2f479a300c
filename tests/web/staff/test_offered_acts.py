"""Kinds × states: a page offers to archive, delete or restore a thing exactly where the shop then does it."""

from typing import Any

from components.catalog.product_details import VariantDetails
from components.catalog.products import collections, variants
from components.catalog.products.collections import CollectionDetails
from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.checkout.delivery import delivery_terms, delivery_zones
from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import database, ids
from components.memberships.editing import plan_benefits
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import make_plans, make_products, people
from tests.support.shops import Shop
from tests.web.staff.test_archive_and_delete import rows

CELLS = (
    ("collection", "free", "/staff/collections/free", "/deletion", True),
    ("collection", "of a coupon", "/staff/collections/couponed", "/deletion", False),
    ("collection", "of a sale", "/staff/collections/reduced", "/deletion", False),
    ("collection", "of a benefit", "/staff/collections/benefited", "/deletion", False),
    ("product", "never ordered", "/staff/products/plain", "/deletion", True),
    ("product", "of a coupon", "/staff/products/couponed-one", "/deletion", False),
    ("product", "ordered", "/staff/products/ordered", "/deletion", False),
    ("product", "ordered, archived", "/staff/products/ordered", "/archive", True),
    ("variant", "beside another", "/staff/products/sized/variants/{second}", "/withdrawal", True),
    ("variant", "the last one", "/staff/products/sized/variants/{first}", "/withdrawal", False),
    ("variant", "archived, options free", "/staff/products/sized", "/variants/{second}/restoration", True),
    ("variant", "archived, replaced", "/staff/products/replaced", "/variants/{replaced}/restoration", False),
    ("benefit", "in no plan", "/staff/benefits/{loose}", "/deletion", True),
    ("benefit", "in a plan", "/staff/benefits/{held}", "/deletion", False),
    ("benefit", "once in a plan", "/staff/benefits/{former}", "/deletion", False),
    ("coupon", "unused", "/staff/coupons/{unused}", "/deletion", True),
    ("coupon", "of an order that expired", "/staff/coupons/{expired}", "/deletion", False),
    ("delivery zone", "of no method", "/staff/delivery/zones/{empty}", "/removal", True),
    ("delivery zone", "the only one of a method", "/staff/delivery/zones/{only}", "/removal", False),
    ("staff account", "the last owner", "/staff/operators/{iris}", "/removal", False),
    ("staff account", "another", "/staff/operators/{sam}", "/removal", True),
    ("article", "any", "/staff/articles/any", "/deletion", True),
)


async def _made() -> dict[str, Any]:
    """One thing in each state; what addresses name."""
    collection = {}
    for title in ("Free", "Couponed", "Reduced", "Benefited"):
        collection[title] = await collections.create(CollectionDetails(title=title))
    products = {title: await make_products.product(title) for title in ("Plain", "Couponed one", "Ordered")}
    named = Scope("product", frozenset({products["Couponed one"].id}))
    filler = (await make_products.product("Filler")).id
    await collections.set_products(filler, ("free", "couponed", "reduced", "benefited"))
    await snapshot_refresh.refresh()
    sized = await make_products.product("Sized", option_names=("Size",), options=("S",))
    second = await variants.add(sized.id, VariantDetails(price=900, options=("L",)))
    other = await make_products.product("Replaced", option_names=("Size",), options=("S",))
    replaced = await variants.add(other.id, VariantDetails(price=900, options=("L",)))
    await variants.withdraw(replaced)
    await variants.add(other.id, VariantDetails(price=900, options=("L",)))
    ten = {"words": "Ten off", "discount_type": "percent", "value": 1000}
    couponed = Scope("collection", frozenset({collection["Couponed"]}))
    await editing.create(CouponDetails(code="ONE", scope=couponed, **ten))
    await editing.create(CouponDetails(code="TWO", scope=named, **ten))
    expired = await editing.create(CouponDetails(code="OLD", **ten))
    await database.execute(
        """INSERT INTO coupon_use (id, coupon, order_id, state, at, changed_at)
           VALUES ($1, $2, $1, 'returned', now(), now())""",
        ids.new(), expired,
    )  # fmt: skip
    await database.execute(
        """INSERT INTO reservation (id, variant, quantity, counted, because_of, until, ended_at, ended_as)
           VALUES ($1, $2, 1, true, $1, now(), now(), 'lapsed')""", ids.new(), products["Ordered"].lead.id,
    )  # fmt: skip
    details = SaleDetails(name="Autumn", scope=Scope("collection", frozenset({collection["Reduced"]})),
                          discount_type="percent", value=1000)  # fmt: skip
    await sales.create(details)
    within = {**make_plans.TENTH_OFF, "covers": "collection", "collections": [str(collection["Benefited"])]}
    await make_plans.benefit("member_price", "Ten on some", **within)
    plan = await make_plans.club()
    held, former = plan.benefits[0].id, await make_plans.benefit("perk", "Gone", promise="Repairs")
    await plan_benefits.attach(plan.id, former, by=None)
    await plan_benefits.detach(plan.id, former, by=None)
    await article_editing.create(Draft(slug="any", title="Any", teaser="", body=""), by=None)
    zones = (await delivery_terms.current()).zones
    only = {zone.id: await delivery_zones.in_use(zone.id) for zone in zones}
    return {
        "second": second,
        "first": sized.lead.id,
        "replaced": replaced,
        "expired": expired,
        "only": only,
        "held": held,
        "former": former,
        "loose": await make_plans.benefit("free_delivery", "Loose", threshold=0),
        "unused": await editing.create(CouponDetails(code="NEW", **ten)),
        "empty": await delivery_zones.create_zone("Nowhere", places=["AQ"]),
        "iris": (await people.owner()).id,
        "sam": (await people.staff()).id,
    }


async def test_what_is_offered_is_what_is_done(goods: Shop) -> None:
    named = await _made()
    await goods.refresh()
    iris = await goods.signed_in("iris@kiln.test")
    wrong = []
    for kind, state, at, act, is_done in CELLS:
        at = at.format(**named)
        to = at + act.format(**named)
        offered = f'action="{to}"' in (await iris.get(at)).text
        before = await rows()
        answer = await iris.post(to)
        done = await rows() != before
        if (offered, done) != (is_done, is_done):
            wrong.append((kind, state, f"offered: {offered}", f"done: {done}", answer.alerts()))
    assert wrong == []
