"""Events that cannot be followed: tried again, parked where staff see them, taken up again by hand."""

import pytest

from components.foundation import database, ids
from components.foundation.refusals import NotFound
from components.payments import ownership, reconcile, running_subscriptions
from components.payments.differences import admin_views
from components.payments.webhooks import inbox
from tests.components.payments.conftest import Till


async def test_an_event_of_a_page_we_do_not_know_is_tried_again_then_parked_then_taken_up(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    (row,) = await database.fetch("SELECT * FROM checkout_session")
    await database.execute("DELETE FROM checkout_session")
    for _ in range(len(inbox.PAUSES) + 1):
        for event_id in await till.waiting():
            await inbox.process(event_id)
    parked = await admin_views.parked_events()
    assert [event.type for event in parked] == ["checkout.session.completed"]
    assert "is not here" in parked[0].why

    names = ", ".join(row)
    slots = ", ".join(f"${position}" for position in range(1, len(row) + 1))
    await database.execute(f"INSERT INTO checkout_session ({names}) VALUES ({slots})", *row.values())
    await inbox.retry(parked[0].id, by=ids.new())
    await till.work()
    assert (await till.fresh(page)).is_paid
    assert not (await admin_views.status()).needs_somebody
    assert await database.fetch_value("SELECT count(*) FROM audit_entry") == 1


async def test_each_try_waits_longer_than_the_one_before(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    await database.execute("DELETE FROM checkout_session")
    event_id = await database.fetch_value("SELECT id FROM inbox_event WHERE type = 'checkout.session.completed'")
    waits = []
    for _ in inbox.PAUSES:
        await inbox.process(event_id)
        row = await database.fetch_one("SELECT next_try_at FROM inbox_event WHERE id = $1", event_id)
        assert row is not None
        waits.append((row["next_try_at"] - till.stand_in.now()).total_seconds())
    assert waits == sorted(waits) and waits[-1] > 3600


async def test_what_another_shop_does_on_the_same_account_is_ignored(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(ownership, "ownership_metadata", lambda: {"install_id": "another shop"})
        page = await till.open()
        joined = await till.join()
    await till.pay(page)
    await database.execute("DELETE FROM checkout_session")
    await till.work()
    outcomes = await database.fetch("SELECT DISTINCT outcome FROM inbox_event")
    assert {row["outcome"] for row in outcomes} <= {"not ours", "nothing to mirror"}
    assert await running_subscriptions.mirrored(joined.reference_id) is None
    assert await database.fetch_value("SELECT count(*) FROM announced_fact") == 0


async def test_only_a_waiting_event_can_be_taken_up_again(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.work()
    event_id = await database.fetch_value("SELECT id FROM inbox_event LIMIT 1")
    for unknown in (event_id, "evt_unknown"):
        with pytest.raises(NotFound):
            await inbox.retry(unknown, by=ids.new())


async def test_an_event_whose_job_got_lost_is_taken_up_by_the_next_check(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    await database.execute("DELETE FROM procrastinate_jobs")
    till.advance(hours=1)
    await reconcile.lightly()
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'process_event'"
    assert await database.fetch_value(jobs) == len(await till.waiting()) > 0


async def test_a_later_try_waits_by_the_clock_that_jobs_go_by(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    await database.execute("DELETE FROM checkout_session")
    await database.execute("DELETE FROM procrastinate_jobs")
    till.advance(days=400)
    await inbox.process(
        await database.fetch_value("SELECT id FROM inbox_event WHERE type = 'checkout.session.completed'")
    )
    soon = "SELECT scheduled_at < now() + interval '1 minute' AND lock IS NULL FROM procrastinate_jobs"
    assert await database.fetch_value(soon) is True


async def test_a_payment_is_never_known_ahead_of_the_page_it_was_made_on(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    paid = "SELECT id FROM inbox_event WHERE type = 'payment_intent.succeeded'"
    await inbox.process(await database.fetch_value(paid))
    assert (await till.fresh(page)).is_paid
