"""What an owner sees after an attack: who tried what, from where; and what nobody keeps for ever."""

from datetime import timedelta

from components.foundation import clock, database
from components.foundation.operations import security_events
from components.people import operators, sign_in_links
from components.people.privacy import erasure
from components.worker import TASKS, TIMETABLE
from tests.conftest import NOON
from tests.support import people
from tests.support.shops import Shop


async def kinds() -> dict[str, int]:
    rows = await database.fetch("SELECT kind, sum(times)::int AS times FROM security_event GROUP BY kind")
    return {row["kind"]: row["times"] for row in rows}


async def test_everything_that_is_tried_is_seen_by_the_owner_and_can_be_searched(shop: Shop) -> None:
    noor = await people.customer("noor@kiln.test")
    await people.owner("iris@kiln.test")
    await people.staff("sam@kiln.test", ["orders"])
    stranger = shop.browser()
    for _ in range(11):
        await stranger.client.post("/sign-in", data={"email": "noor@kiln.test", "password": "wrong"})
    await stranger.client.post("/sign-in", data={"email": "nobody@kiln.test", "password": "wrong"})
    await sign_in_links.send("noor@kiln.test")
    await stranger.client.post("/sign-in/code", data={"email": "noor@kiln.test", "code": "000000"})
    await stranger.client.post("/sign-in/email/no-such-link")
    await stranger.client.get("/api/v1/orders", headers={"authorization": "Bearer cfk_wrong"})
    await stranger.client.post("/hooks/stripe", content=b"{}", headers={"stripe-signature": "t=1,v1=bad"})
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get("/staff/security")).status == 403
    iris = await shop.signed_in("iris@kiln.test")
    seen = await kinds()
    assert seen["sign-in refused"] == 11 and seen["too many tries"] == 1 and seen["sign-in"] == 2
    for kind in ("code refused", "link refused", "API key refused", "webhook refused", "staff page refused"):
        assert seen[kind] == 1, kind
    rows = await database.fetch("SELECT * FROM security_event WHERE kind = 'sign-in refused' ORDER BY times")
    assert [(row["person"], row["email"], row["times"]) for row in rows] == [
        (None, "nobody@kiln.test", 1),
        (noor.id, "", 10),
    ], "of one account and address there is one row a minute"
    assert all(row["address"] and len(row["request_id"]) == 32 for row in rows)
    assert "wrong" not in repr(rows)
    page = await iris.get("/staff/security")
    assert "Wrong e-mail or password (10 times)" in page.words and "noor@kiln.test" in page.words
    for query, expected, missing in (
        ("kind=link+refused", "Used or expired sign-in link", "(10 times)"),
        ("who=NOOR", "(10 times)", "nobody@kiln.test"),
        ("who=nobody%40kiln.test", "nobody@kiln.test", "(10 times)"),
        ("address=203.0.113.1", "No events match", "(10 times)"),
        ("kind=nonsense&page=-4", "(10 times)", "No events match"),
    ):
        found = await iris.get(f"/staff/security?{query}")
        assert expected in found.words and missing not in found.words, query


async def test_staff_who_sign_in_are_in_the_audit_log_and_role_changes_are_seen(shop: Shop) -> None:
    sam = await people.staff("sam@kiln.test")
    await people.customer("noor@kiln.test")
    await shop.signed_in("sam@kiln.test")
    await shop.signed_in("noor@kiln.test")
    rows = await database.fetch("SELECT actor FROM audit_entry WHERE what = 'signed in'")
    assert [row["actor"] for row in rows] == [sam.id]
    before = (await kinds())["staff access"]
    await people.owner("iris@kiln.test")
    await operators.change(sam.id, role="staff", permissions=["emails"], by=None)
    await operators.remove(sam.id, by=None)
    assert (await kinds())["staff access"] == before + 3


async def test_events_go_after_ninety_days_and_with_the_person(shop: Shop) -> None:
    noor = await people.customer("noor@kiln.test")
    await security_events.note("sign-in refused", email="noor@kiln.test")
    await security_events.note("sign-in", person=noor.id)
    await erasure.erase(noor.id)
    assert await kinds() == {"account deleted": 1}
    with clock.frozen(NOON + timedelta(days=91)):
        await TASKS["delete_old_security_events"]()
    assert await kinds() == {} and "delete_old_security_events" in {name for _, name in TIMETABLE}
