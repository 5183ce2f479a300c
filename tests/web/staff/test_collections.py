"""Collections that are filled many products at a time or by a rule, in an order of their own."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from components.catalog import invariants, product_list
from components.catalog.product_details import VariantDetails
from components.catalog.product_list import BrowseQuery
from components.catalog.products import (
    admin_products,
    collection_filling,
    collections,
    product_deletion,
    products,
    stored_products,
    variants,
)
from components.catalog.products.collections import CollectionDetails
from components.catalog.snapshot import snapshot_refresh
from components.catalog.visibility import Access
from components.foundation import clock, database
from components.foundation.operations import deletions
from tests.support import make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

AT = "/staff/collections/coats/products"


async def stock(*titles: str, **details: Any) -> dict[str, UUID]:
    return {title: (await make_products.product(title, **details)).id for title in titles}


async def titles(slug: str = "coats", sort: str = "shelf", **more: Any) -> list[str]:
    """As the shop's list shows them."""
    await snapshot_refresh.refresh()
    kept = snapshot_refresh.snapshot()
    found = kept.collection(slug)
    assert found is not None
    browsing = BrowseQuery(collection_id=found.id, sort=sort, **more)
    return [one.title for one in product_list.browse(kept, browsing, Access.NONE, clock.now()).products]


async def rows(slug: str) -> set[str]:
    sql = """SELECT p.title FROM collection_product c JOIN product p ON p.id = c.product
             JOIN collection k ON k.id = c.collection WHERE k.slug = $1"""
    return set(await database.fetch_values(sql, slug))


async def pressed(iris: Browser, button: str, *ids: UUID, **more: Any) -> Page:
    return await iris.post(AT, {"product": [str(one) for one in ids], button: "1", **more})


async def test_many_products_are_found_ticked_added_arranged_and_taken_out(
    goods: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    known = await stock("Rain coat", "Wool coat", "Long coat", kind="Coat", tags=("winter",))
    known |= await stock("Cap", vendor="Peak_100%")
    made = await iris.submit(await iris.get("/staff/collections/new"), "/staff/collections", title="Coats")
    assert made.path == AT and "Now choose its products" in made.alerts()
    for words, count in (("coat", 3), ("winter long", 1), ("peak_100%", 1), ("%", 1), ("", 4), ("nothing", 0)):
        listed = await iris.get(AT, params={"q": words})
        assert listed.text.count('name="product"') == count, words
    assert collection_filling.FilledByRule.message not in listed.words
    ticked = await pressed(iris, "add", known["Rain coat"], known["Wool coat"], known["Wool coat"], q="coat")
    assert "2 products added." in ticked.alerts() and ticked.path == f"{AT}?q=coat"
    assert "0 products added." in (await pressed(iris, "add", known["Rain coat"])).alerts(), "twice is once"
    with monkeypatch.context() as few:
        few.setattr(collection_filling, "MOST_AT_ONCE", 2)
        too_many = await pressed(iris, "add_all", q="coat")
        assert "can be added at once" in too_many.alerts() and len(await titles()) == 2, "nothing of it is added"
    assert "1 product added." in (await pressed(iris, "add_all", q="coat")).alerts()
    assert await titles() == ["Long coat", "Rain coat", "Wool coat"]
    places = {f"place-{known['Wool coat']}": "1", f"place-{known['Long coat']}": "2", "place-x": "1"}
    assert "Arranged" in (await pressed(iris, "arrange", **places)).alerts()
    assert await titles() == ["Wool coat", "Long coat", "Rain coat"] == await titles(in_stock=True)
    assert await titles(sort="name") == ["Long coat", "Rain coat", "Wool coat"]
    shown = (await goods.browser().get("/collections/coats")).words
    assert shown.index("Wool coat") < shown.index("Long coat") < shown.index("Rain coat")
    assert "Tick the products first." in (await pressed(iris, "remove")).alerts()
    assert "1 product taken out." in (await pressed(iris, "remove", known["Long coat"], known["Cap"])).alerts()
    assert await titles() == ["Wool coat", "Rain coat"]
    bad = await iris.post(AT, {"product": ["x", ""], "add": "1"})
    assert "Tick the products first." in bad.alerts()
    assert (await iris.get("/staff/collections/none/products")).status == 404


RULES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"rule_tags": ("WINTER", "none")}, {"Coat", "Scarf"}),
    ({"rule_kinds": ("coat",)}, {"Coat"}),
    ({"rule_vendors": ("peak",), "rule_tags": ("winter",)}, {"Scarf"}),
    ({"rule_least": 2000}, {"Coat"}),
    ({"rule_most": 2000}, {"Cap", "Scarf"}),
    ({"rule_least": 1000, "rule_most": 1000}, {"Cap", "Scarf"}),
    ({"rule_tags": ("nowhere",)}, set()),
)


async def test_a_rule_fills_its_collection_whatever_changes_and_however(goods: Shop) -> None:
    """Each kind of rule; then each way a product or a rule can change, after which the rows are right at once."""
    await stock("Coat", kind="COAT", tags=("Winter",))
    scarf = (await stock("Scarf", vendor="Peak", tags=("winter", "gift"), option_names=("Size",), options=("S",)))[
        "Scarf"
    ]
    cap = (await stock("Cap"))["Cap"]
    for title, price in (("Scarf", 1000), ("Cap", 1000), ("Coat", 9000)):
        sql = "UPDATE variant SET price = $2 FROM product p WHERE p.id = product AND p.title = $1"
        await database.execute(sql, title, price)
    for place, (rule, wanted) in enumerate(RULES):
        details = CollectionDetails(title=f"R{place}", is_ruled=True, **rule)
        made = await collections.create(details)
        assert await rows(f"r{place}") == wanted, rule
        assert await collection_filling.fitting(details, made) == (len(wanted), 0)
    own = await collections.create(CollectionDetails(title="Own", is_ruled=True, rule_tags=("winter",)))
    kept = (await stored_products.by_id("cap")).details
    await products.revise(cap, replace(kept, tags=("Winter",)))
    assert await rows("own") == {"Coat", "Scarf", "Cap"}, "a tag was added"
    await products.revise(cap, kept)
    assert await rows("own") == {"Coat", "Scarf"}, "and taken away"
    await collections.revise(own, CollectionDetails(title="Own", is_ruled=True, rule_most=1500))
    assert await rows("own") == {"Cap", "Scarf"}, "another rule"
    cheap = await variants.add(scarf, VariantDetails(price=4000, options=("L",)))
    assert await rows("own") == {"Cap", "Scarf"}, "the lowest price counts"
    await database.execute("UPDATE variant SET withdrawn_at = now() WHERE product = $1 AND id <> $2", scarf, cheap)
    assert await rows("own") == {"Cap"}, "an archived variant does not"
    for verb in (collection_filling.add, collection_filling.remove):
        with pytest.raises(collection_filling.FilledByRule):
            await verb(own, [scarf], by=None)
    assert not await collections.set_products(scarf, ("own",)) and await rows("own") == {"Cap"}, "nor by a file"
    await collections.set_products(cap, ())
    assert await rows("own") == {"Cap"}
    deletion = await product_deletion.delete_product(cap, by=None)
    assert await rows("own") == set()
    await deletions.restore(deletion, by=None)
    assert await rows("own") == {"Cap"}, "brought back once"
    deletion = await product_deletion.delete_collection(own, by=None)
    await deletions.restore(deletion, by=None)
    assert await rows("own") == {"Cap"}
    await collections.revise(own, CollectionDetails(title="Own"))
    await collection_filling.add(own, [scarf], by=None)
    assert await rows("own") == {"Cap", "Scarf"}, "filled by hand again, from what it had"
    assert await collection_filling.fitting(CollectionDetails(title="", is_ruled=True, rule_most=1500), own) == (1, 1)
    assert not [one for one in await invariants.invariants() if "its rule" in one]
    await database.execute("ALTER TABLE collection_product DISABLE TRIGGER collection_product_fits")
    r0 = (await admin_products.collection_by_id("r0")).id
    await database.execute("INSERT INTO collection_product (id, collection, product) VALUES ($1, $1, $2)", r0, cap)
    await database.execute("ALTER TABLE collection_product ENABLE TRIGGER collection_product_fits")
    assert [one for one in await invariants.invariants() if "its rule" in one], "what does not fit is found"


async def test_a_product_and_a_rule_that_change_at_the_same_time_do_not_miss_each_other(goods: Shop) -> None:
    own = await collections.create(CollectionDetails(title="Own", is_ruled=True, rule_tags=("old",)))
    new = CollectionDetails(title="Own", is_ruled=True, rule_tags=("new",))
    for number in range(4):
        title = f"Coat {number}"
        await asyncio.gather(collections.revise(own, new), make_products.product(title, tags=("new",)))
        assert title in await rows("own")
        await collections.revise(own, CollectionDetails(title="Own", is_ruled=True, rule_tags=("old",)))


async def test_the_form_of_a_rule_counts_and_says_what_is_wrong(goods: Shop) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    coat = (await stock("Coat", tags=("winter",)))["Coat"]
    await stock("Cap")
    new, at = await iris.get("/staff/collections/new"), "/staff/collections"
    nothing = await iris.submit(new, at, title="Coats", filled="rule")
    assert nothing.status == 422 and "at least one thing" in nothing.words and 'value="Coats"' in nothing.text
    wrong = await iris.submit(new, at, title="Coats", filled="rule", rule_least="9", rule_most="5")
    assert wrong.status == 422 and "can’t be below" in wrong.words
    counted = await iris.submit(new, at, title="Coats", filled="rule", rule_tags="winter", look="1")
    assert "1 product fits this rule now." in counted.words and not await admin_products.all_collections()
    made = await iris.submit(new, at, title="Coats", filled="rule", rule_tags=" Winter ,", sort="new")
    assert made.path == AT and "filled by its rule" in made.words and 'name="product"' not in made.text
    assert await titles() == ["Coat"]
    refused = await pressed(iris, "add", coat)
    assert "fills itself" in refused.alerts()
    shown = await iris.get("/staff/products/coat")
    assert "By their rules it is also in: Coats." in shown.words and 'name="collections"' not in shown.text
    saved = await iris.submit(shown, "/staff/products/coat", title="Coat!")
    assert "Saved." in saved.alerts() and await titles() == ["Coat!"]
    part = await iris.post_for_part("/staff/collections/coats", {"title": "Coats", "position": "0", "filled": "rule",
                                                                  "rule_tags": "no", "look": "1"})  # fmt: skip
    assert part.words == "0 products fit this rule now. 1 in this collection doesn’t fit and will be taken out."
