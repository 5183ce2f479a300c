"""Who works here: owners decide, permissions hold on every page, a changed role counts at once."""

import asyncio

import pytest

from components.foundation import audit
from components.messaging import mailbox
from components.people import operators
from components.people.operators import LastOwner
from tests.support import people
from tests.support.shops import Shop


async def test_an_owner_invites_somebody_by_e_mail(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get("/staff/operators/new")
    page = await iris.submit(page, "/staff/operators", email="ruth@kiln.test", permissions=["orders", "refunds"])
    assert "ruth@kiln.test" in page.words and "Orders and shipping, Refunds" in page.words
    await shop.catch_up()
    letters = (await mailbox.email_page(to="ruth@kiln.test")).emails
    assert [letter.template for letter in letters] == ["operator_invited"]
    entry = (await audit.entries(subject="operator"))[0]
    assert entry["what"] == "staff access given"


async def test_an_unproved_account_loses_its_password_when_it_is_invited(shop: Shop) -> None:
    """Whoever opened it beforehand with somebody else's e-mail must not come in as staff."""
    await people.owner()
    await people.newcomer("ruth@kiln.test", password="the-waiting-one")
    waiting = await shop.signed_in("ruth@kiln.test", "the-waiting-one")
    iris = await shop.signed_in("iris@kiln.test")
    await iris.post("/staff/operators", {"email": "ruth@kiln.test", "role": "owner"})
    assert (await waiting.get("/staff")).path.startswith("/sign-in")
    page = await waiting.post("/sign-in", {"email": "ruth@kiln.test", "password": "the-waiting-one"})
    assert page.status == 422


@pytest.mark.parametrize("path", ["/staff/operators", "/staff/operators/new", "/staff/emails", "/staff/audit"])
async def test_sam_who_sees_to_orders_is_refused_elsewhere(shop: Shop, path: str) -> None:
    await people.owner()
    await people.staff()
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get(path)).status == 403


async def test_a_customer_is_refused_and_a_guest_is_asked_to_sign_in(shop: Shop) -> None:
    await people.customer()
    noor = await shop.signed_in("noor@kiln.test")
    assert (await noor.get("/staff/operators")).status == 403
    assert (await noor.post("/staff/operators", {"email": "noor@kiln.test", "role": "owner"})).status == 403
    assert (await shop.browser().get("/staff/operators")).path.startswith("/sign-in")
    assert (await shop.browser().post("/staff/operators", {})).status == 401


async def test_settings_alone_do_not_make_owners(shop: Shop) -> None:
    await people.owner()
    await people.staff("sam@kiln.test", ["settings"])
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get("/staff/audit")).status == 200
    assert (await sam.post("/staff/operators", {"email": "sam@kiln.test", "role": "owner"})).status == 403


async def test_a_changed_role_counts_at_once_and_ends_the_sessions(shop: Shop) -> None:
    await people.owner()
    sam_person = await people.staff("sam@kiln.test", ["emails"])
    sam, iris = await shop.signed_in("sam@kiln.test"), await shop.signed_in("iris@kiln.test")
    assert (await sam.get("/staff/emails")).status == 200
    page = await iris.get(f"/staff/operators/{sam_person.id}")
    form = page.form(f"/staff/operators/{sam_person.id}")
    assert form.given["role"] == "staff" and form.given["permissions"] == "emails"
    await iris.post(form.action, {"role": "staff", "permissions": ["orders"]})
    assert (await sam.get("/staff/emails")).path.startswith("/sign-in")
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get("/staff/emails")).status == 403


async def test_the_last_owner_stays(shop: Shop) -> None:
    iris_person = await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.post(f"/staff/operators/{iris_person.id}/removal")
    assert "The shop needs an owner" in page.alerts()
    page = await iris.post(f"/staff/operators/{iris_person.id}", {"role": "staff", "permissions": ["orders"]})
    assert page.status == 422 and "The shop needs an owner" in page.words
    assert [one.role for one in await operators.all_operators()] == ["owner"]


async def test_of_two_owners_who_remove_each_other_one_stays(db: None) -> None:
    first, second = await people.owner(), await people.owner("ruth@kiln.test")
    results = await asyncio.gather(
        asyncio.create_task(operators.remove(first.id, by=second.id)),
        asyncio.create_task(operators.remove(second.id, by=first.id)),
        return_exceptions=True,
    )
    assert [type(result) for result in results if result] == [LastOwner]
    assert len(await operators.all_operators()) == 1


async def test_an_owner_who_changes_her_own_role_stays_signed_in_with_it(shop: Shop) -> None:
    iris_person = await people.owner()
    await people.owner("ruth@kiln.test")
    iris = await shop.signed_in("iris@kiln.test")
    before = iris.client.cookies["session"]
    await iris.post(f"/staff/operators/{iris_person.id}", {"role": "staff", "permissions": ["emails"]})
    assert iris.client.cookies["session"] != before
    assert (await iris.get("/staff/emails")).status == 200
    assert (await iris.get("/staff/operators")).status == 403


async def test_the_audit_trail_says_who_changed_what_from_what_to_what(shop: Shop) -> None:
    iris_person = await people.owner()
    sam_person = await people.staff()
    iris = await shop.signed_in("iris@kiln.test")
    await iris.post(f"/staff/operators/{sam_person.id}", {"role": "staff", "permissions": ["orders", "refunds"]})
    page = await iris.get("/staff/audit", params={"subject": "operator", "actor": str(iris_person.id)})
    assert "Staff access changed" in page.words and "orders → orders, refunds" in page.words and "Iris" in page.words
    assert "Operator added" not in page.words, "the shop itself did that"
    assert str(sam_person.id) in page.text and "Sam" in page.words
    assert (await iris.get("/staff/audit?subject=nonsense&page=99999")).status == 200
