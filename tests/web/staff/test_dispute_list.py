"""The list of disputes: order, filters, pages by key, sums, win rate, file; and the badges of other lists."""

from datetime import timedelta

from components.foundation import clock, database
from components.payments.dispute_answers import dispute_queue, evidence_drafts
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_disputes import disputed_fee, disputed_order
from tests.support import join_members

LIST = "/staff/payments/disputes"
ADD = """
INSERT INTO mirrored_dispute (stripe_id, status, reason, amount, currency, answer_by, submissions, created_at,
  mirrored_at, words, reviewed_at)
SELECT 'du_' || lpad(n::text, 3, '0'), ($1::text[])[1 + n % cardinality($1::text[])], 'general', 100, 'GBP',
  $2::timestamptz + (n % 7) * interval '1 hour', 0, $2::timestamptz - (n % 5) * interval '1 day', $2, '',
  CASE WHEN n % 3 = 0 THEN $2::timestamptz END
FROM generate_series(1, $3) n
"""
STATUSES = [
    "needs_response", "won", "lost", "under_review", "warning_needs_response", "warning_closed", "won",
    "warning_under_review",
]  # fmt: skip


async def test_of_evidence_that_was_saved_very_often_the_latest_is_shown(db: None) -> None:
    saved = """INSERT INTO dispute_draft (id, dispute, number, fields, saved_at)
        SELECT gen_random_uuid(), 'du_1', n, '{}', now() FROM generate_series(1, $1) n"""
    await database.execute(saved, evidence_drafts.SHOWN + 2)
    found = [one.number for one in await evidence_drafts.history("du_1")]
    assert found == list(range(evidence_drafts.SHOWN + 2, 2, -1))
    newest = await evidence_drafts.latest("du_1")
    assert newest is not None and newest.number == found[0]


async def test_every_dispute_is_listed_once_over_all_pages_the_soonest_deadline_first(kiln: Kiln) -> None:
    staff = await iris(kiln)
    empty = await staff.get(LIST)
    assert "No payment is disputed." in empty.words and "—" in empty.words
    now = clock.now() + timedelta(days=2)
    await database.execute(ADD, STATUSES, now, 80)
    for show in ("", *dispute_queue.FILTERS):
        at_once = [one.id async for one in dispute_queue.everything(show)]
        paged, after = [], dispute_queue.BEGINNING
        while True:
            one = await dispute_queue.part(show, after=after, size=7)
            paged += [each.id for each in one.disputes]
            if one.after is None:
                break
            after = one.after
        assert paged == at_once and len(set(paged)) == len(paged)
        assert len(paged) == {"": 80, "answer": 20, "bank": 20, "won": 30, "lost": 10}[show]
    found = (await dispute_queue.part(size=100)).disputes
    deadlines = [one.answer_by for one in found if one.needs_answer]
    assert [one.needs_answer for one in found] == [True] * 20 + [False] * 60
    assert deadlines == sorted(deadlines, key=lambda at: at or now)
    assert all(one.needs_decision for one in found[20 : 20 + sum(one.needs_decision for one in found)])
    first = await staff.get(LIST)
    assert "£20.00" in first.words and "67%" in first.words and "20 won, 10 lost" in first.words
    (older,) = [link for link in first.links() if "after=" in link]
    second = await staff.get(older)
    assert second.status == 200 and not set(first.links()) & {f"{LIST}/{one.id}" for one in found[25:50]}
    assert {f"{LIST}/{one.id}" for one in found[25:50]} <= set(second.links())
    for odd in ("after=9.1.x", "after=0.x.y", "after=0." + "9" * 40 + ".z", "show=nonsense"):
        assert (await staff.get(f"{LIST}?{odd}")).status == 200, odd
    file = (await staff.get(f"{LIST}.csv?show=lost")).text
    assert file.count("Lost") == 10 and file.count("\r\n") == 11 and "1.00,GBP" in file


async def test_a_disputed_payment_bears_a_badge_wherever_it_is_listed(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await disputed_order(kiln)
    await disputed_fee(kiln)
    for address in ("/staff/orders", "/staff/payments", "/staff/members", LIST):
        page = await staff.get(address)
        assert "isputed" in page.words or "Answer needed" in page.words, address
    listed = await staff.get(LIST)
    person = await join_members.person()
    assert {f"/staff/orders/{number}", f"/staff/members/{person}"} <= set(listed.links())
    shown = {
        "needs_response": "Disputed: answer needed",
        "warning_needs_response": "Inquiry: answer needed",
        "warning_under_review": "Inquiry: waiting for the bank",
        "won": "Dispute won",
        "lost": "Dispute lost: decide",
        "under_review": "Disputed: waiting for the bank",
        "prevented": "",
        "warning_closed": "",
    }
    for status, words in shown.items():
        await database.execute("UPDATE mirrored_dispute SET status = $1", status)
        orders, members = await staff.get("/staff/orders"), await staff.get("/staff/members")
        for page, badge in ((orders, words), (members, "" if status == "won" else words)):
            named = "isput" in page.words or "Inquiry" in page.words
            assert badge in page.words and named is bool(badge), (status, page.path)
    await database.execute("UPDATE mirrored_dispute SET status = 'lost', reviewed_at = now()")
    assert "Dispute lost" in (await staff.get("/staff/orders")).words
    assert "isput" not in (await staff.get("/staff/members")).words
