"""What becomes of every state of every kind: the table in docs/bring-an-old-shop-along.md, cell by cell."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.adoption import member_files, verdicts
from components.adoption.candidates import CARD, KEPT, NO_CARD, UNBILLED, Candidate
from components.adoption.subscription_columns import NotOfMembers
from components.adoption.verdicts import LEFT, NOTES, READY, KnownHere

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=12)
DOCS = Path(__file__).parents[3] / "docs" / "bring-an-old-shop-along.md"
COLUMNS = (KEPT, CARD, NO_CARD, UNBILLED)
PLAIN = Candidate(
    billing=KEPT, key="sub_1", status="active", email="a@example.com", price="price_1", amount=700, currency="GBP",
    interval="month", started_at=NOW - timedelta(days=400), paid_until=LATER, customer="cus_1", method="pm_1",
)  # fmt: skip
KNOWN = KnownHere(currency="GBP", known_as="a@example.com")
STATES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "active": ({}, {}),
    "trialing": ({"status": "trialing"}, {}),
    "trialing, had a trial here": ({"status": "trialing"}, {"had_trial": True}),
    "past due": ({"status": "past_due"}, {}),
    "unpaid": ({"status": "unpaid"}, {}),
    "on hold": ({"status": "on_hold"}, {}),
    "cancelled, until its end": ({"status": "ending", "ends_at": LATER}, {}),
    "to end after more charges": ({"ends_at": LATER + timedelta(days=90)}, {}),
    "paused": ({"status": "paused"}, {}),
    "payments not collected": ({"facts": ("not collected",)}, {}),
    "never completed": ({"status": "pending"}, {}),
    "ended": ({"status": "ended"}, {}),
    "classic billing": ({"facts": ("classic",)}, {}),
    "with a discount": ({"facts": ("discount",)}, {}),
    "tax on top": ({"facts": ("tax on top",)}, {}),
    "made by a platform": ({"facts": ("platform",)}, {}),
    "shared with another account": ({"facts": ("shared",)}, {}),
    "paid by invoice": ({"facts": ("by invoice",)}, {}),
    "no payment method": ({"facts": ("no card",), "method": ""}, {}),
    "for two": ({"quantity": 2}, {}),
    "several items": ({"items": 2}, {}),
    "price by use": ({"amount": None}, {}),
    "every 30 days": ({"interval": "day", "count": 30}, {}),
    "another currency": ({"currency": "USD"}, {}),
    "schedule attached": ({"facts": ("schedule",)}, {}),
    "change waits for the bank": ({"facts": ("change waits",)}, {}),
    "next payment is over": ({"paid_until": NOW - timedelta(days=1)}, {}),
    "no date": ({"paid_until": None}, {}),
    "customer deleted": ({"facts": ("customer gone",)}, {}),
    "no e-mail": ({"email": ""}, {}),
    "account deleted at their wish": ({}, {"is_erased": True, "known_as": ""}),
    "known under another e-mail": ({}, {"known_as": "b@example.com"}),
    "billed here already": ({}, {"is_billed": True}),
    "second of the same person": ({}, {"has_other": True}),
    "holds the plan already": ({}, {"holds": True}),
    "this shop’s own": ({"facts": ("ours",)}, {}),
    "of another such shop": ({"facts": ("other shop",)}, {}),
}
TOLD = {"adopt": "kept", "move": "moved", "until": "until", "give": "given"}


def _table() -> list[tuple[str, list[str]]]:
    text = DOCS.read_text()
    lines = re.findall(r"^\| (.+) \|$", text[text.index("| state there |") :].split("\n\n")[0], re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines[1:]]
    return [(row[0], row[1:]) for row in cells if not set(row[0]) <= {"-"}]


def test_the_table_is_what_the_rules_say() -> None:
    table = _table()
    assert [state for state, _ in table] == list(STATES)
    wrong = []
    for state, cells in table:
        of_it, of_them = STATES[state]
        for billing, told in zip(COLUMNS, cells, strict=True):
            if told == "–":
                continue
            status = "active" if of_it.get("status") == "ending" and billing == KEPT else of_it.get("status", "active")
            one = replace(PLAIN, **{"billing": billing, **of_it, "status": status})
            found = verdicts.decide(one, replace(KNOWN, **of_them), NOW)
            if TOLD.get(found.kind, found.kind) != told:
                wrong.append((state, billing, told, found.kind))
            assert found.kind in {**READY, **LEFT} and all(note in NOTES for note in found.notes)
    assert wrong == []


def test_notes_say_what_is_to_be_known_of_those_who_come() -> None:
    one = replace(PLAIN, status="past_due", facts=("discount", "classic", "no card"), ends_at=LATER)
    found = verdicts.decide(one, replace(KNOWN, known_as="", has_other_customer=True), NOW)
    assert found.notes == ("owes", "cancelling", "discount", "no card", "classic", "other customer", "new person")


WOO = b"""subscription_id,subscription_status,customer_email,start_date,next_payment_date,end_date,billing_period,\
billing_interval,order_total,order_currency,payment_method,payment_method_post_meta,billing_first_name,\
billing_last_name,order_items
101,wc-active,ida@example.com,2024-05-01 10:00:00,2027-03-20 08:30:00,0,month,1,7.50,GBP,stripe,\
_stripe_customer_id:cus_A|_stripe_source_id:pm_A,Ida,Berg,product_id:12|name:Friends|quantity:1|total:7.50
102,wc-active,bo@example.com,2024-05-01 10:00:00,2027-03-20 08:30:00,,year,1,70,GBP,paypal,,Bo,,name:Friends a year
103,wc-pending-cancel,cy@example.com,2024-05-01,0,2027-04-01 00:00:00,month,1,7.50,GBP,stripe,,Cy,,name:Friends
104,wc-on-hold,di@example.com,2024-05-01,2027-03-20,,month,1,7.50,GBP,stripe,,Di,,name:Friends
105,wc-active,el@example.com,2024-05-01,,,month,1,0,GBP,,,El,,name:Gift
106,wc-active,fay@example.com,2024-05-01,03/04/2027,,month,1,7.50,GBP,stripe,,Fay,,name:Friends
107,wc-active,gus@example.com,2024-05-01,2027-03-20,,month,1,lots,GBP,stripe,,Gus,,name:Friends
108,wc-active,hal@example.com,2024-05-01,2027-03-20,,month,1,9,GBP,stripe,,Hal,,name:Tea|quantity:1;name:Jam|quantity:1
"""
PMPRO = b"""id,username,firstname,lastname,email,membership,discount_code_id,discount_code,subscription_transaction_id,\
billing_amount,cycle_number,cycle_period,next_payment_date,joined,expires
1,ida,Ida,Berg,ida@example.com,Gold,,,sub_123,10.00,1,Month,2027-03-20,2024-05-01,Never
2,bo,Bo,,bo@example.com,Gold,,,I-PAYPAL,10.00,1,Month,2027-03-20,2024-05-01,Never
3,cy,Cy,,cy@example.com,Gold,,,,0.00,0,,,2024-05-01,Never
4,di,Di,,di@example.com,Gold,,,,0.00,0,,,2024-05-01,2027-12-31
5,el,El,,el@example.com,Gold,,,,0.00,0,,,2024-05-01,2026-12-31
6,fay,Fay,,fay@example.com,Gold,,,,10.00,1,Month,,2024-05-01,2027-06-30
7,gus,Gus,,gus@example.com,Gold,,,,10.00,1,Month,,2024-05-01,Never
"""


@pytest.mark.usefixtures("shop")
def test_rows_of_both_kinds_of_files() -> None:
    woo = {one.key: one for one in member_files.read(WOO)}
    told = {key: verdicts.decide(one, KNOWN, NOW).kind for key, one in woo.items()}
    assert told == {
        "101": "move", "102": "until", "103": "until", "104": "on hold", "105": "give", "106": "no date",
        "107": "bad row", "108": "several items",
    }  # fmt: skip
    ida = woo["101"]
    assert (ida.customer, ida.method, ida.amount, ida.name, ida.title) == ("cus_A", "pm_A", 750, "Ida Berg", "Friends")
    assert ida.paid_until == datetime(2027, 3, 20, 8, 30, tzinfo=UTC) and ida.line == 2
    pmpro = {one.key: one for one in member_files.read(PMPRO)}
    told = {key: verdicts.decide(one, KNOWN, NOW).kind for key, one in pmpro.items()}
    assert told == {
        "sub_123": "until", "2:Gold": "until", "3:Gold": "give", "4:Gold": "give", "5:Gold": "ended",
        "6:Gold": "until", "7:Gold": "no date",
    }  # fmt: skip
    assert member_files.by_stripe(pmpro["sub_123"]) == "sub_123"
    imported = b"user_email,membership_id,membership_enddate,pmpro_stripe_customerid\nx@example.com,3,,cus_9\n"
    (one,) = member_files.read(imported)
    assert (one.billing, one.title, one.customer) == (UNBILLED, "Level 3", "cus_9")
    with pytest.raises(NotOfMembers):
        member_files.read(b"sku,price\n1,2\n")
