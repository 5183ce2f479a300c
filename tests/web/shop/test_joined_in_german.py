"""A membership joined with an order is named in the language of whoever reads the order, whatever it was placed in."""

from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import joining_words, plan_catalogue
from tests.support import buy_products, make_plans, make_products, people
from tests.support.shops import Shop

SPACE = "\N{NO-BREAK SPACE}"


async def test_staff_and_who_reads_english_find_no_german_in_it(goods: Shop) -> None:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product(on_hand=10)
    await make_plans.club()
    await people.owner()
    maya = goods.browser()
    maya.client.cookies.set("language", "de")
    await buy_products.put_in(maya, "moon-mug", 2)
    asked = await maya.submit(
        await maya.get("/checkout?join=annual"), "/checkout", **{**buy_products.TYPED, "email": "maya@example.org"}
    )
    await people.enters_code(goods, maya, asked)
    await maya.submit(await maya.get("/checkout?join=annual"), "/checkout")
    order = await buy_products.the_order()
    assert order.joining_words.replace(SPACE, " ") == "Annual, 39,00 £ im Jahr"
    iris = await goods.signed_in("iris@kiln.test")
    staff = await iris.get(f"/staff/orders/{order.number}")
    assert "Annual £39.00" in staff.words and "im Jahr" not in staff.words


async def test_a_plan_of_another_name_by_now_is_a_membership_fee_and_a_trial_is_said(goods: Shop) -> None:
    await make_plans.club()
    (plan, *_more) = plan_catalogue.all_plans()
    with language.speaking("de"):
        kept = f"{plan.name}, 14 Tage kostenlos, danach 39,00 £ im Jahr"
        assert joining_words.said(kept, kept_in="de", trial_days=14) == kept
        assert joining_words.said(f"\N{FIRST STRONG ISOLATE}{plan.name}", kept_in="ar", trial_days=0) == plan.name
    assert joining_words.said(kept, kept_in="de", trial_days=14) == f"{plan.name}, 14 days free"
    assert joining_words.said("Früher, 3,00 £ im Jahr", kept_in="de", trial_days=0) == "Membership fee"
