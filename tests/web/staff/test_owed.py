"""Stored value owed: each amount under its reason, age and end, and down to the entries of the ledger."""

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from components.foundation import clock, database
from components.ledger import cashback, credit, reservations
from components.ledger.cashback import Earning
from tests.support import make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/staff/metrics/owed"
DAY = timedelta(days=1)
GIFT = """INSERT INTO gift_membership (id, buyer, plan_version, code, giver_name, recipient_name, recipient_email,
  send_at, created_at, paid_at, expires_at, redeemed_at, redeemed_by, voided_at)
  SELECT gen_random_uuid(), $1::uuid, id, $2, 'A', 'B', 'c@town.test', $3, $3, $3, $4, $5,
    CASE WHEN $5::timestamptz IS NOT NULL THEN $1::uuid END, $6 FROM plan_version"""


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    """Noor has £5 of credit for 20 days, £2 that has expired, £1.50 of pending cashback, £3 that came back for an
    order of which £1 is kept for another; and she bought four gifts of £39, of which one can be redeemed."""
    await make_plans.club(price=3900, interval="year")
    noor, now = (await people.customer()).id, clock.now()
    with clock.frozen(now - 100 * DAY):
        await _given(noor, 200, until=now - DAY)
        bought = uuid4()
        await _given(noor, 300, until=None)
        await reservations.reserve(bought, person_id=noor, amount=200 + 300, words="P-1")
        await reservations.spend(bought, amount=500, words="P-1")
        await reservations.restore(bought, amount=300, cause="refund:1", words="P-1")
        await _given(noor, 200, until=now - DAY)
    await reservations.reserve(uuid4(), person_id=noor, amount=100, words="P-2")
    with clock.frozen(now - 40 * DAY):
        await _given(noor, 500, until=now + 20 * DAY)
    await cashback.earn(
        Earning(person_id=noor, order_id=uuid4(), benefit_id=uuid4(), amount=150, earned_at=now, due_at=now + 9 * DAY,
                expires_at=now + 400 * DAY, words="P-3", cap=None)
    )  # fmt: skip
    for code, expires, redeemed, voided in (
        ("a", None, None, None), ("b", now - DAY, None, None), ("c", None, now, None), ("d", None, None, now),
    ):  # fmt: skip
        await database.execute(GIFT, noor, code, now - 5 * DAY, expires, redeemed, voided)
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def _given(person: UUID, amount: int, *, until: object) -> None:
    await credit.grant(person, amount, cause=str(uuid4()), words="Sorry", expires_at=until)  # type: ignore[arg-type]


async def test_each_amount_is_under_its_reason_age_and_end(owner: Browser) -> None:
    page = await owner.get(HERE)
    for told in (
        "Owed £48.50", "Of which pending £1.50", "Cashback 1 £1.50", "Credit given by the shop 1 £5.00",
        "Refunds given as credit 1 £3.00", "Gift memberships not redeemed 1 £39.00", "Credit from a benefit 0 £0.00",
        "Up to 30 days 2 £40.50", "31 to 90 days 1 £5.00", "91 days to a year 1 £3.00", "Within 30 days 1 £5.00",
        "Later 1 £1.50", "Never 2 £42.00", "People with credit 1", "Likely to expire —",
        "hold £11.50 of credit and cashback, of which £2.00 has expired",
    ):  # fmt: skip
        assert told in page.words, told
    assert len(page.tree.findall(".//section[@id='rows']//tbody/tr")) == 4


async def test_an_amount_opens_to_its_entries_which_add_up_to_it(owner: Browser) -> None:
    page = await owner.get(f"{HERE}?reason=refund")
    assert "To whom: Refunds given as credit" in page.words and "Noor" in page.words
    (lot,) = [href for href in page.links() if href.startswith(f"{HERE}/") and "export" not in href]
    opened = await owner.get(lot)
    assert "£3.00 is left. It never expires. Customer: Noor" in opened.words
    for told in ("Given back Store credit — £3.00", "Reserved Kept for an order — £1.00", "Reserved Store credit"):
        assert told in opened.words, told
    over = await database.fetch_value("SELECT id FROM ledger_lot WHERE remaining > 0 AND expires_at < $1", clock.now())
    assert "£0.00 is left. Expires on 28 February 2027." in (await owner.get(f"{HERE}/{over}")).words
    theirs = (
        "SELECT sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account WHERE e.lot = $1 AND {}"
    )
    assert await database.fetch_value(theirs.format("a.person IS NOT NULL"), UUID(lot.rsplit("/", 1)[1])) == 300


async def test_the_file_has_every_amount(owner: Browser) -> None:
    answer = await owner.get(f"{HERE}/export")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert sorted(row["Owed"] for row in rows) == ["1.50", "3.00", "39.00", "5.00"]
    assert {row["Kept for an order"] for row in rows} == {"0.00", "1.00"}
    of_one = await owner.get(f"{HERE}/export?reason=gift")
    assert len(of_one.text.strip().splitlines()) == 2


async def test_what_is_taken_back_after_it_was_spent_is_said(owner: Browser) -> None:
    noor = await database.fetch_value("SELECT id FROM person WHERE email = 'noor@kiln.test'")
    account = "INSERT INTO ledger_account (id, person, kind, currency, balance) VALUES ($1, $2, 'owed', 'GBP', -250)"
    await database.execute("DELETE FROM ledger_account WHERE person = $1 AND kind = 'owed'", noor)
    await database.execute(account, uuid4(), noor)
    assert "Customers owe the shop £2.50" in (await owner.get(HERE)).words


@pytest.mark.parametrize("address", ["?reason=magic", "?after=soon", "/export?reason=x", f"/{UUID(int=7)}"])
async def test_what_is_not_there_is_not_found(owner: Browser, address: str) -> None:
    assert (await owner.get(f"{HERE}{address}")).status == 404


async def test_a_shop_that_owes_nothing_says_so(shop: Shop) -> None:
    await people.owner()
    page = await (await shop.signed_in("iris@kiln.test")).get(HERE)
    assert "Nothing is owed" in page.words


async def test_the_page_takes_few_statements(owner: Browser) -> None:
    await owner.get(HERE)
    with database.counted() as sent:
        assert (await owner.get(HERE)).status == 200
    assert sent.count <= 5


async def test_what_is_owed_in_another_currency_is_told_by_itself(owner: Browser) -> None:
    """From before the shop changed its own: its entries say what it is in."""
    person = await database.fetch_value("SELECT person FROM ledger_lot LIMIT 1")
    lot, account = uuid4(), uuid4()
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(
            """INSERT INTO ledger_lot (id, person, kind, words, amount, remaining, given_at)
              VALUES ($1, $2, 'store_credit', '', 700, 700, $3)""",
            lot, person, clock.now(),
        )  # fmt: skip
        await database.execute(
            """INSERT INTO ledger_account (id, person, kind, currency, balance)
              VALUES ($1, $2, 'store_credit', 'EUR', 700)""",
            account, person,
        )  # fmt: skip
        await database.execute(
            """INSERT INTO ledger_entry (id, posting, account, lot, amount)
              SELECT gen_random_uuid(), posting, $1, $2, 700 FROM ledger_entry LIMIT 1""",
            account, lot,
        )  # fmt: skip
    page = await owner.get(HERE)
    assert "Owed €7.00" in page.words and "Owed £48.50" in page.words
