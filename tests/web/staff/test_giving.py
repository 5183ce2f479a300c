"""Staff define what gives, upload codes, mark perks and give credit; members see what comes of it."""

from components.foundation import database, ids
from components.ledger import invariants
from components.memberships.benefits.kinds import all_kinds
from components.rewards import partner_codes
from tests.support import give_benefits, make_products, people
from tests.support.shops import Shop


async def test_every_kind_of_benefit_has_its_form(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    index = await iris.get("/staff/benefits")
    for key, one in all_kinds().items():
        assert one.title in index.words
        assert (await iris.get(f"/staff/benefits/new?kind={key}")).status == 200


async def test_a_gift_is_defined_with_a_preview_on_real_pieces(shop: Shop) -> None:
    await make_products.product("Little cup", price=900, sku="CUP")
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    given = {"name": "A cup", "occasion": "birthday", "variants": "CUP", "days": "30"}
    form = await iris.get("/staff/benefits/new?kind=gift")
    look = await iris.submit(form, "/staff/benefits/new?kind=gift", look="1", **given)
    assert "Free gift on your birthday: Little cup" in look.words and "£9.00 → £0.00" in look.words
    refused = await iris.submit(form, "/staff/benefits/new?kind=gift", **{**given, "variants": "BOWL"})
    assert refused.status == 422 and "There is no match for “BOWL”" in refused.words
    saved = await iris.submit(form, "/staff/benefits/new?kind=gift", **given)
    assert saved.status == 200 and await database.fetch_value("SELECT count(*) FROM benefit WHERE kind = 'gift'") == 1


async def test_cashback_says_at_its_fields_what_is_wrong(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    form = await iris.get("/staff/benefits/new?kind=cashback")
    action = "/staff/benefits/new?kind=cashback"
    for rate in ("0", "-3", "51", "a few", "1e9", "3.123"):
        refused = await iris.submit(form, action, name="Back", rate=rate)
        assert refused.status == 422 and 'id="rate-error"' in refused.text, rate
    look = await iris.submit(form, action, look="1", name="Back", rate="3", cap="20")
    assert "3% back in store credit on products, before tax (up to £20.00 a year" in look.words
    assert "£0.00 → £1.50" in look.words


async def test_codes_are_uploaded_and_claimed_by_members_only(shop: Shop) -> None:
    benefits = await give_benefits.plan(
        ("partner_code", "Larkhill", {"promise": "A fifth off a weekend", "how": "Say it"})
    )
    benefit = benefits["Larkhill"]
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = f"/staff/benefits/{benefit}/codes"
    refused = await iris.submit(await iris.get(here), here, codes=" ")
    assert refused.status == 422 and "Enter one code per line" in refused.words
    filled = await iris.submit(await iris.get(here), here, codes="ROSE-1\nROSE-2\nROSE-2")
    assert "2 of 2 left" in filled.words
    _, maya = await give_benefits.member(shop)
    page = await maya.get("/account/gifts")
    assert "A fifth off a weekend" in page.words and "ROSE" not in page.words
    claimed = await maya.submit(page, f"/account/gifts/codes/{benefit}")
    assert "ROSE-1" in claimed.words and "Say it" in claimed.words
    await maya.post(f"/account/gifts/codes/{benefit}")
    assert (await partner_codes.pool(benefit)).left == 1
    await people.customer()
    noor = await shop.signed_in("noor@kiln.test")
    assert (await noor.post(f"/account/gifts/codes/{benefit}")).status == 404
    assert "ROSE" not in (await noor.get("/account/gifts")).words
    assert (await partner_codes.pool(benefit)).left == 1


async def test_a_csv_of_codes_and_what_is_none(shop: Shop) -> None:
    benefit = (await give_benefits.plan(("partner_code", "Larkhill", {"promise": "A fifth off"})))["Larkhill"]
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = f"/staff/benefits/{benefit}/codes"
    sent = await iris.post(here, {"codes": ""}, files={"file": ("codes.csv", b"code,note\nA-1,x\nA-2,y\n", "text/csv")})
    assert "2 of 2 left" in sent.words
    bad = await iris.post(here, {"codes": ""}, files={"file": ("codes.csv", b"\xff\xfe\x00", "text/csv")})
    assert bad.status == 422 and "UTF-8" in bad.words
    other = (await give_benefits.plan_of_friends(("perk", "Repairs", {"promise": "Repairs at cost"})))["Repairs"]
    assert (await iris.get(f"/staff/benefits/{other}/codes")).status == 404


async def test_perks_are_marked_counted_and_taken_back(shop: Shop) -> None:
    await give_benefits.plan(("perk", "Repairs", {"promise": "Repairs at cost", "times": 1}))
    maya, browser = await give_benefits.member(shop)
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = f"/staff/members/{maya}/credit"
    page = await iris.get(here)
    marked = await iris.submit(page, f"{here}/perks", note="A handle")
    assert "A handle" in marked.words
    await iris.submit(page, f"{here}/perks", note="Sent twice")
    refused = await iris.submit(await iris.get(here), f"{here}/perks", note="Again")
    assert refused.status == 422 and "already been used the maximum number of times" in refused.words
    mine = await browser.get("/account/gifts")
    assert "Repairs at cost (once a year)" in mine.words and "Used once" in mine.words
    assert "A handle" not in mine.words
    await iris.submit(await iris.get(here), f"{here}/perks/undo")
    assert "Used once" not in (await browser.get("/account/gifts")).words


async def test_credit_is_given_once_and_is_on_record(shop: Shop) -> None:
    await people.customer()
    noor = await give_benefits.the_person("noor@kiln.test")
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = f"/staff/members/{noor}/credit"
    page = await iris.get(here)
    for amount in ("", "0", "-5", "five", "10000.01"):
        assert (await iris.submit(page, here, amount=amount, words="Sorry")).status == 422
    assert (await iris.submit(page, here, amount="5", words="Sorry", until="2020-01-01T10:00")).status == 422
    for _ in range(2):
        given = await iris.submit(page, here, amount="5.00", words="For the broken bowl")
        assert "£5.00 available" in given.words
    assert await give_benefits.spendable(noor) == 500 and await invariants.invariants() == []
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'store credit added'") == 1
    browser = await shop.signed_in("noor@kiln.test")
    assert "For the broken bowl" in (await browser.get("/account/credit")).words


async def test_credit_is_taken_back_once_with_a_reason_and_never_more_than_was_given(shop: Shop) -> None:
    await people.customer()
    noor = await give_benefits.the_person("noor@kiln.test")
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = f"/staff/members/{noor}/credit"
    assert "Take credit back" not in (await iris.get(here)).words
    for nonsense in ({"back": "5", "why": "x", "once": "1E+99999"}, {"back": "0"}, {}):
        unasked = await iris.post(f"{here}/taken-back", nonsense)
        assert unasked.status == 422 and unasked.alerts(), "said also where there is nothing to take back"
    page = await iris.submit(await iris.get(here), here, amount="50.00", words="Sorry")
    assert "£50.00 of the credit that the shop has given is left" in page.words
    for amount in ("", "0", "-5", "five"):
        assert (await iris.submit(page, f"{here}/taken-back", back=amount, why="A slip")).status == 422
    assert (await iris.submit(page, f"{here}/taken-back", back="5", why="")).status == 422
    refused = await iris.submit(page, f"{here}/taken-back", back="50.01", why="A slip")
    assert refused.status == 409 and "At most £50.00 can be taken back." in refused.words
    for _ in range(2):
        taken = await iris.submit(page, f"{here}/taken-back", back="45.00", why="Meant to be £5.00")
        assert "Store credit taken back." in taken.alerts() and "£5.00 available" in taken.words
    assert await give_benefits.spendable(noor) == 500 and await invariants.invariants() == []
    assert "store credit taken back" in (await iris.get("/staff/audit")).words.lower()
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'store credit taken back'") == 1
    statement = (await (await shop.signed_in("noor@kiln.test")).get("/account/credit")).words
    assert "Credit taken back by the shop" in statement and "Meant to be £5.00" in statement


async def test_only_those_who_may_see_members_see_their_credit(shop: Shop) -> None:
    await people.customer()
    noor = await give_benefits.the_person("noor@kiln.test")
    await people.staff()
    sam = await shop.signed_in("sam@kiln.test")
    for path in (f"/staff/members/{noor}/credit", f"/staff/benefits/{ids.new()}/codes"):
        assert (await sam.get(path)).status == 403
    assert (await sam.post(f"/staff/members/{noor}/credit", {"amount": "5", "words": "x"})).status == 403
    assert (await sam.post(f"/staff/members/{noor}/credit/taken-back", {"back": "5", "why": "x"})).status == 403
    assert await give_benefits.spendable(noor) == 0
