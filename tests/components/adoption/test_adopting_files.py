"""Files of WooCommerce Subscriptions and Paid Memberships Pro: cards at Stripe are first charged when due there."""

from collections import Counter
from datetime import timedelta

import pytest

from components.adoption import adoption_runs
from components.adoption.adoption_runs import StillBilledThere
from components.foundation import audit, clock, database
from components.memberships.entitlements import membership_history
from components.people import customer_accounts
from tests.components.adoption.test_adopting import THERE, charged, everything, nothing_broken
from tests.support import foreign_members, make_plans, people
from tests.support.shops import Shop

HEADER = (
    "subscription_id,subscription_status,customer_email,start_date,next_payment_date,end_date,billing_period,"
    "billing_interval,order_total,order_currency,payment_method,payment_method_post_meta,billing_first_name,order_items"
)
TOKEN = "_stripe_customer_id:{customer}|_stripe_source_id:{default_payment_method}"
OF_ANOTHER = "_stripe_customer_id:cus_gone|_stripe_source_id:pm_gone"


def _file(shop: Shop) -> bytes:
    """Ida's card is at Stripe, Bo's is not, Cy has cancelled, Di pays nothing."""
    (sub,) = foreign_members.there(shop, "ended", email="ida@example.com")
    at_stripe = foreign_members.at_stripe(shop, "subscription")[sub]
    day = "2027-03-20 08:30:00"
    rows = (
        f"1,wc-active,ida@example.com,2024-05-01,{day},,month,1,7.50,GBP,stripe,{TOKEN.format(**at_stripe)},Ida,name:Gold",
        f"2,wc-active,bo@example.com,2024-05-01,{day},,month,1,7.50,GBP,stripe,{OF_ANOTHER},Bo,name:Gold",
        "3,wc-pending-cancel,cy@example.com,2024-05-01,0,2027-04-01 00:00:00,month,1,7.50,GBP,paypal,,Cy,name:Gold",
        "4,wc-active,di@example.com,2024-05-01,0,0,month,1,0,GBP,,,Di,name:Friend",
    )
    return "\n".join((HEADER, *rows)).encode()


async def test_a_card_at_stripe_is_charged_first_when_the_paid_time_is_over(shop: Shop) -> None:
    owner, plan = await people.owner(), await make_plans.club()
    source = _file(shop)
    bank = foreign_members.at_stripe(shop, *THERE)
    run = await foreign_members.read(shop, by=owner.id, source=source)
    verdicts = {key: row["verdict"] for key, row in (await foreign_members.rows(run)).items()}
    assert verdicts == {"1": "move", "2": "until", "3": "until", "4": "give"}
    assert foreign_members.at_stripe(shop, *THERE) == bank, "a dry run"
    await foreign_members.choose(run, plan.id)
    with pytest.raises(StillBilledThere):
        await adoption_runs.begin(run, by=owner.id, old_stopped=False, tells=False, asks=False)
    assert (await adoption_runs.by_id(run)).state == "read", "nothing begins without that word"
    await foreign_members.adopt(shop, run, by=owner.id, asks=True)
    outcomes = {key: row["outcome"] for key, row in (await foreign_members.rows(run)).items()}
    assert outcomes == {"1": "moved", "2": "until", "3": "until", "4": "given"}
    said = next(entry for entry in await audit.entries(subject="adoption") if entry["what"] == "adoption started")
    assert "true" in str(said["after"]).lower()
    ida = await customer_accounts.by_email("ida@example.com")
    assert ida is not None
    (kept,) = await database.fetch("SELECT * FROM subscription")
    assert (kept["payer"], kept["status"]) == (ida.id, "active")
    assert kept["current_period_end"].isoformat() == "2027-03-20T08:30:00+00:00"
    (mine,) = await membership_history.spans(ida.id)
    assert mine.starts_at.year == 2024
    asked = {("membership_moved", "bo@example.com"), ("membership_moved", "cy@example.com")}
    assert await _letters() == asked, "nobody else is written to"
    assert sum((await charged(shop)).values()) == sum(Counter(_paid(bank)).values()), "nothing is charged by it"
    await nothing_broken(shop)

    again = await foreign_members.read(shop, by=owner.id, source=source)
    verdicts = {key: row["verdict"] for key, row in (await foreign_members.rows(again)).items()}
    assert verdicts["1"] == "billed here", "the same file twice bills nobody twice"
    clock.set_everywhere(clock.now() + timedelta(days=20))
    await shop.catch_up()
    new = (await foreign_members.rows(run))["1"]["stripe_id"]
    assert (await charged(shop))[new] == 1, "once, at the end of what was paid there"
    await nothing_broken(shop)


def _paid(bank: dict[str, dict[str, object]]) -> list[str]:
    return [key for key, one in bank.items() if one["object"] == "invoice" and one["amount_paid"]]


async def _letters() -> set[tuple[str, str]]:
    return {tuple(row) for row in await database.fetch_rows("SELECT template, recipient FROM email")}


async def test_undone_it_is_as_if_nothing_had_been(shop: Shop) -> None:
    owner, plan = await people.owner(), await make_plans.club()
    source = _file(shop)
    before, bank = await everything(), foreign_members.at_stripe(shop, *THERE)
    run = await foreign_members.read(shop, by=owner.id, source=source)
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id)
    made = (await foreign_members.rows(run))["1"]["stripe_id"]
    await foreign_members.undo(shop, run, by=owner.id)
    assert await everything() | {"payment_reference": []} == before | {"payment_reference": []}
    now = foreign_members.at_stripe(shop, *THERE)
    counted = {"next_invoice_sequence": None}  # of an invoice for nothing
    assert {key: now[key] | counted for key in bank} == {key: one | counted for key, one in bank.items()}
    assert now[made]["status"] == "canceled" and (await charged(shop))[made] == 0, "what we made ourselves has ended"


async def test_a_row_that_stripe_bills_is_adopted_as_it_is_there(shop: Shop) -> None:
    owner, plan = await people.owner(), await make_plans.club()
    (sub,) = foreign_members.there(shop, "active", email="ida@example.com")
    rows = f"""id,email,membership,subscription_transaction_id,billing_amount,cycle_number,cycle_period,expires
1,ida@example.com,Gold,{sub},7.00,1,Month,Never
2,bo@example.com,Gold,,0,0,,2028-01-01
"""
    run = await foreign_members.read(shop, by=owner.id, source=rows.encode())
    await foreign_members.adopt(shop, run, by=owner.id, plan=plan.id, tells=True)
    outcomes = {key: row["outcome"] for key, row in (await foreign_members.rows(run)).items()}
    assert outcomes == {sub: "adopted", "2:Gold": "given"}
    assert {to for _, to in await _letters()} == {"ida@example.com", "bo@example.com"}
    await nothing_broken(shop)
