"""Staff sign a customer out everywhere."""

import json

import pytest

from components.foundation import audit
from components.foundation.operations import security_events
from tests.support import people
from tests.support.shops import Shop
from web import logs


async def test_staff_sign_a_customer_out_everywhere(shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    noor, maya = await people.customer(), await people.customer("maya@kiln.test", name="Maya")
    await people.staff("sam@kiln.test", ["members"])
    lost, kept = await shop.signed_in(noor.email), await shop.signed_in(maya.email)
    sam = await shop.signed_in("sam@kiln.test")
    here = f"/staff/members/{noor.id}"
    page = await sam.get(here)
    logs.configure("info")
    capfd.readouterr()
    done = await sam.submit(page, f"{here}/sessions/end")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if '"security event"' in line]
    logs.configure("error")
    assert done.path == here and "Signed out everywhere." in done.alerts()
    assert (await lost.get("/account")).path.startswith("/sign-in") and (await kept.get("/account")).path == "/account"
    assert await audit.has_entry("person", noor.id, "signed out everywhere")
    assert (await security_events.page(kind="signed out by staff", limit=2, offset=0))[0].person == noor.id
    assert [(line["kind"], line["person"]) for line in lines] == [("signed out by staff", str(noor.id))]


@pytest.mark.parametrize("who", ["iris@kiln.test", "sam@kiln.test"])
async def test_those_who_work_here_are_signed_out_by_owners_only(shop: Shop, who: str) -> None:
    iris, _ = await people.owner(), await people.staff("sam@kiln.test", ["members"])
    browser = await shop.signed_in(who)
    answer = await browser.post(f"/staff/members/{iris.id}/sessions/end")
    assert (answer.status == 403) == (who == "sam@kiln.test"), answer.words
    assert ((await browser.get("/staff")).path == "/staff") == (who == "sam@kiln.test")


async def test_nobody_is_not_found(shop: Shop) -> None:
    await people.owner()
    assert (
        await (await shop.signed_in("iris@kiln.test")).post(f"/staff/members/{people.NOBODY}/sessions/end")
    ).status == 404
