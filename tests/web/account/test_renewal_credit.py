"""A member has their store credit pay for renewals: chosen, told beforehand, paid, written down, and given back."""

from datetime import timedelta

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.ledger import credit
from components.messaging.notices import notice_emails
from tests.support import join_members, people
from tests.support.shops import Shop

HERE = "/account/membership"


async def texts(template: str) -> list[str]:
    found = await database.fetch_values("SELECT text FROM email WHERE template = $1 ORDER BY created_at", template)
    return [" ".join(str(text).split()) for text in found]


async def test_it_is_chosen_told_paid_and_given_back(shop: Shop) -> None:
    maya = await join_members.member(shop, price=5000, interval="year")
    person = await join_members.person()
    await credit.grant(person, 1200, cause=f"test:{ids.new()}", words="Thank you", expires_at=None)
    assert f"{HERE}/credit/use" not in (await maya.get(HERE)).text, "the shop doesn't offer it"
    refused = await maya.post(f"{HERE}/credit/use", {})
    assert "can’t be used for renewals in this shop" in refused.alerts()
    await setting_rows.change({"renewal_credit": "yes", "invoices": "on"}, by=None)
    before = await maya.get(HERE)
    assert "£12.00 available, not used for renewals" in before.words and "£50.00 on" in before.words
    chosen = await maya.submit(before, f"{HERE}/credit/use")
    assert "Your store credit will be used for your renewals." in chosen.alerts()
    assert "£12.00 of your store credit will be used" in chosen.words and "£38.00 on" in chosen.words
    kept = await maya.submit(chosen, f"{HERE}/credit/keep")
    assert "£12.00 available, not used for renewals" in kept.words
    await maya.submit(kept, f"{HERE}/credit/use")
    assert "renewals of your membership, as you chose" in (await maya.get("/account/credit")).words

    ends = (await join_members.subscription())["current_period_end"]
    clock.set_everywhere(ends - timedelta(days=20))  # type: ignore[operator]
    await notice_emails.send_renewal_notices()
    (notice,) = await texts("renewal_notice")
    assert "£50.00" in notice and "Store credit used: −£12.00" in notice and "Left to pay: £38.00" in notice

    clock.set_everywhere(ends + timedelta(minutes=1))  # type: ignore[operator]
    await shop.catch_up()
    maya = await shop.signed_in(join_members.MAYA)
    assert "Reserved for your renewal" in (await maya.get("/account/credit")).words
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await shop.catch_up()
    receipt = (await texts("payment_receipt"))[-1]
    assert ": £50.00" in receipt and "Credit used: −£12.00" in receipt and ": £38.00" in receipt
    maya = await shop.signed_in(join_members.MAYA)
    assert "£38.00 and £12.00 store credit" in (await maya.get(HERE)).words
    assert "Renewal of" in (await maya.get("/account/credit")).words
    paid = await database.fetch_value(
        "SELECT total FROM invoice WHERE kind = 'invoice' ORDER BY issued_at DESC LIMIT 1"
    )
    assert paid == 5000, "the invoice is whole: credit is a payment"

    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    member = await iris.get(f"/staff/members/{person}")
    assert "£38.00 and £12.00 store credit" in member.words
    newest = await database.fetch_value("SELECT invoice FROM renewal_credit")
    there = f"/staff/members/{person}/fees/{newest}/refunds"
    form = await iris.get(f"{there}/new")
    assert "£50.00 of £50.00" in form.words and "£12.00 of it was store credit" in form.words
    done = await iris.submit(form, there, how="amount", amount="25.00", follows="keep", reason="Sorry")
    assert "£25.00 refunded." in done.alerts()
    await shop.catch_up()
    (told,) = await texts("fee_refunded")
    assert "£6.00 as store credit" in told and "£19.00 to the card" in told
    maya = await shop.signed_in(join_members.MAYA)
    assert "£6.00 store credit given back" in (await maya.get(HERE)).words
    note = await database.fetch_value("SELECT total FROM invoice WHERE kind = 'credit'")
    assert note == -2500
