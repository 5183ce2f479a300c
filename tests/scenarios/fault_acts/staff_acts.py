"""What staff can do that changes something at Stripe while they wait."""

from typing import Any

from components.foundation import database, ids
from components.insights import stripe_differences
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from tests.scenarios.conftest import Kiln
from tests.scenarios.fault_acts.acts import (
    act,
    has_ended,
    renews_later,
    renews_sooner,
    was_cancelled,
    was_charged,
    was_kept,
    was_refunded,
)
from tests.scenarios.fault_acts.member_acts import who_owes as failing
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.scenarios.test_48_fee_decisions import in_stripe
from tests.scenarios.test_48_fee_refunds import iris, paid_member
from tests.scenarios.test_49_dispute_answers import saved
from tests.scenarios.test_49_disputes import decided, disputed_fee, disputed_order
from tests.scenarios.test_saved_card import use_at_bank
from tests.support import agreed_dates, join_members
from tests.support.pages import Browser, Page
from tests.web.staff.test_differences import unanswered_refund

GOOD = "4242424242424242"
MEMBER = "/staff/members/{person_id:uuid}"


async def one(sql: str) -> str:
    return str(await database.fetch_value(sql))


async def there() -> str:
    return f"/staff/members/{await join_members.person()}"


async def a_member(kiln: Kiln) -> Browser:
    """Maya has paid for a year; what staff are signed in with."""
    await paid_member(kiln)
    return await iris(kiln)


async def pressed(staff: Browser, address: str, form: str = "", **typed: Any) -> Page:
    page = await staff.get(form or address)
    return await staff.submit(page, address, **typed) if f'action="{address}"' in page.text else page


def on_member(path: str, **typed: Any) -> Any:
    async def press(staff: Browser) -> Page:
        return await pressed(staff, (await there()) + path, **typed)

    return press


async def a_cancelled_member(kiln: Kiln) -> Browser:
    staff = await a_member(kiln)
    await on_member("/cancellation")(staff)
    return staff


async def a_paused_member(kiln: Kiln) -> Browser:
    await paid_member(kiln)
    maya = await kiln.shop.signed_in(join_members.MAYA)
    assert "on hold" in (await maya.post("/account/membership/pause", agreed_dates.pause_now())).alerts()
    await kiln.work()
    return await iris(kiln)


async def pauses(staff: Browser) -> Page:
    dates = agreed_dates.pause_now()
    return await staff.post(f"{await there()}/pause", {"choice": "now-1", "until": dates["until"]})


act("staff cancel", f"{MEMBER}/cancellation", a_member, on_member("/cancellation"), done=was_cancelled,
    said="Nothing more will be charged.")  # fmt: skip
act("staff end now", f"{MEMBER}/cancellation/now", a_member, on_member("/cancellation/now"), done=has_ended,
    said="The membership has ended.")  # fmt: skip
act("staff take a cancellation back", f"{MEMBER}/cancellation/withdrawal", a_cancelled_member,
    on_member("/cancellation/withdrawal"), done=was_kept, said="no longer cancelled")  # fmt: skip
act("staff pause", f"{MEMBER}/pause", a_member, pauses, done=renews_later, said="The membership pauses from")
act("staff end a pause", f"{MEMBER}/pause/end", a_paused_member, on_member("/pause/end"), done=renews_sooner,
    said="isn’t paused any more")  # fmt: skip


# discounts


async def discounts(staff: Browser) -> Page:
    here = f"{await there()}/discounts"
    return await pressed(staff, here, f"{here}/new", how="percent", percent="25", lasts="always", reason="Sorry")


async def a_discounted_member(kiln: Kiln) -> Browser:
    staff = await a_member(kiln)
    kept: Any = (await join_members.subscription())["id"]
    await fee_discounts.put(kept, FeeDiscountTerms(percent_bp=2500, payments=None), key=ids.new(), reason="Sorry")
    await kiln.work()
    return staff


async def takes_it_off(staff: Browser) -> Page:
    found = await one("SELECT id FROM fee_discount ORDER BY id LIMIT 1")
    return await pressed(staff, f"{await there()}/discounts/{found}/end")


act("staff put a discount on", f"{MEMBER}/discounts", a_member, discounts,
    done=lambda before, after: after.discounts == before.discounts + 1, said="Discount given")  # fmt: skip
act("staff take a discount off", f"{MEMBER}/discounts/{{discount_id:uuid}}/end", a_discounted_member, takes_it_off,
    done=lambda before, after: after.discounts == before.discounts - 1, said="has been taken off")  # fmt: skip


# money


async def who_owes(kiln: Kiln) -> Browser:
    await failing(kiln)
    await use_at_bank(kiln, GOOD)
    return await iris(kiln)


async def retries(staff: Browser) -> Page:
    return await staff.post(f"{await there()}/payment", {"due": "450"})


def refunds_a_fee(**typed: str) -> Any:
    async def press(staff: Browser) -> Page:
        invoice = await one("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid' ORDER BY created_at LIMIT 1")
        here = f"{await there()}/fees/{invoice}/refunds"
        return await pressed(staff, here, f"{here}/new", **typed)

    return press


async def a_fee_refunded_in_stripe(kiln: Kiln) -> Browser:
    staff = await a_member(kiln)
    await in_stripe(kiln, 3900)
    return staff


async def ends_for_it(staff: Browser) -> Page:
    invoice = await one("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid' LIMIT 1")
    here = f"{await there()}/fees/{invoice}/decision"
    return await pressed(staff, f"{here}/end", here)


async def a_paid_order(kiln: Kiln) -> Browser:
    browser = kiln.shop.browser()
    session = await kiln.to_pay(browser)
    await kiln.pay(session)
    await kiln.come_back(browser, session)
    await kiln.work()
    return await iris(kiln)


async def refunds_an_order(staff: Browser) -> Page:
    here = f"/staff/orders/{await one('SELECT number FROM orders')}/refunds"
    return await pressed(staff, here, f"{here}/new", how="amount", amount="1.00")


async def a_term(kiln: Kiln) -> Browser:
    return await with_a_term(kiln.shop)


async def refunds_a_term(staff: Browser) -> Page:
    here = f"/staff/paid-once/{await one('SELECT id FROM paid_term')}/refund"
    return await pressed(staff, here, how="amount", amount="1.00")


async def a_refund_without_an_answer(kiln: Kiln) -> Browser:
    staff = await a_member(kiln)
    await unanswered_refund(kiln)
    kiln.later(hours=1)
    await stripe_differences.compare()
    return staff


async def sends_it_again(staff: Browser) -> Page:
    found = await one("SELECT id FROM stripe_difference ORDER BY first_seen_at LIMIT 1")
    return await staff.post(f"/staff/payments/differences/{found}/repair")


act("staff try a payment again", f"{MEMBER}/payment", who_owes, retries, done=was_charged, said="went through",
    charged=(450,))  # fmt: skip
act("staff refund a part of a fee", f"{MEMBER}/fees/{{invoice:str}}/refunds", a_member,
    refunds_a_fee(how="amount", amount="1.00"), done=was_refunded, said="£1.00 refunded.", refunded=(100,))  # fmt: skip
act("staff refund a fee and end", f"{MEMBER}/fees/{{invoice:str}}/refunds", a_member, refunds_a_fee(follows="end"),
    done=was_refunded, said="£39.00 refunded.", refunded=(3900,))  # fmt: skip
act("staff end what was refunded in Stripe", f"{MEMBER}/fees/{{invoice:str}}/decision/end", a_fee_refunded_in_stripe,
    ends_for_it, done=has_ended, said="The membership has ended.")  # fmt: skip
act("staff refund a part of an order", "/staff/orders/{number:str}/refunds", a_paid_order, refunds_an_order,
    done=was_refunded, said="£1.00 refunded.", refunded=(100,))  # fmt: skip
act("staff refund a part of a term", "/staff/paid-once/{reference:uuid}/refund", a_term, refunds_a_term,
    done=was_refunded, said="£1.00 refunded.", refunded=(100,))  # fmt: skip
act("staff send a refund again", "/staff/payments/differences/{difference_id:uuid}/repair",
    a_refund_without_an_answer, sends_it_again, done=was_refunded, refunded=(100,))  # fmt: skip


# disputes


async def a_disputed_order(kiln: Kiln) -> Browser:
    staff = await iris(kiln)
    await disputed_order(kiln)
    return staff


async def a_lost_fee(kiln: Kiln) -> Browser:
    await disputed_fee(kiln)
    staff = await iris(kiln)
    await decided(kiln, "lost")
    return staff


async def dispute() -> str:
    return f"/staff/payments/disputes/{await one('SELECT stripe_id FROM mirrored_dispute')}"


async def accepts(staff: Browser) -> Page:
    return await pressed(staff, f"{await dispute()}/acceptance")


async def decides(staff: Browser) -> Page:
    here = await dispute()
    return await pressed(staff, f"{here}/decision", here, follows="end", words="Seen")


async def sends_evidence(staff: Browser) -> Page:
    review = await saved(staff)
    there = f"{await dispute()}/evidence/submission"
    return await staff.submit(review, there) if f'action="{there}"' in review.text else review


PLACE = "/staff/payments/disputes/{dispute_id:str}"
act("staff accept a dispute", f"{PLACE}/acceptance", a_disputed_order, accepts,
    done=lambda before, after: after.disputes == ("lost",) != before.disputes, said="Accepted")  # fmt: skip
act("staff end what a lost dispute paid", f"{PLACE}/decision", a_lost_fee, decides, done=has_ended)
act("staff send evidence", f"{PLACE}/evidence/submission", a_disputed_order, sends_evidence,
    done=lambda before, after: after.evidence == before.evidence + 1, said="Evidence sent.")  # fmt: skip
