"""The table of dispute states in docs/payments.md, walked: what staff read, may do, and what the figures count."""

from datetime import timedelta
from pathlib import Path

from components.foundation import clock, database
from components.insights.metrics import lost_disputes
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_disputes import disputed_order

DOCUMENT = Path(__file__).parents[3] / "docs" / "payments.md"
HEAD = "| status | staff read | evidence | accept | refund | to do | money |"
SAID = {"answer": "disputed payment to answer", "decide": "lost dispute to decide on"}

DOES = {"warning_needs_response": "asks about", "warning_under_review": "asks about", "warning_closed": "asked about"}
DOES |= {"needs_response": "disputes", "under_review": "disputes"}


def rows() -> list[list[str]]:
    below = DOCUMENT.read_text().split(HEAD)[1].strip().splitlines()[1:]
    table = [line for line in below if line.startswith("|")][: below.index("")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


async def test_the_table_of_dispute_states_is_what_staff_meet(kiln: Kiln) -> None:
    staff, number = await iris(kiln), await disputed_order(kiln)
    here = f"/staff/payments/disputes/{await database.fetch_value('SELECT stripe_id FROM mirrored_dispute')}"
    statuses = [row[0] for row in rows()]
    assert len(statuses) == 8 and len(set(statuses)) == 8
    for status, words, evidence, accepts, refunds, todo, money in rows():
        lost_at = clock.now() if status == "lost" else None
        await database.execute("UPDATE mirrored_dispute SET status = $1, lost_at = $2", status, lost_at)
        page = await staff.get(here)
        assert words in page.words, status
        told = (await staff.get(f"/staff/orders/{number}")).words
        assert f"{DOES.get(status, 'disputed')} £27.95 : {words.lower()}" in told, status
        for way, may in (("evidence", evidence), ("acceptance", accepts)):
            opened = await staff.get(f"{here}/{way}")
            assert opened.status == (200 if may == "yes" else 409), (status, way)
            assert (f"{here}/{way}" in page.links()) is (may == "yes"), (status, way)
        form = await staff.get(f"/staff/orders/{number}/refunds/new")
        assert ("would pay it out twice" in form.words) is (refunds == "no"), status
        today = (await staff.get("/staff")).words
        assert [name for name, said in SAID.items() if said in today] == [name for name in SAID if name == todo], status
        span = clock.now() - timedelta(days=1), clock.now()
        assert bool(await lost_disputes.lost_between(*span)) is (money == "lost"), status
