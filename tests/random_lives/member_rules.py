"""What members do with their subscription: join, cancel, pause, change, pay with another card."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from components.foundation import clock
from components.memberships.plans import plan_catalogue
from tests.random_lives import model
from tests.random_lives.bank import Agreement
from tests.random_lives.beginning import GOOD_CARD, NAMES, PLANS
from tests.random_lives.stage import HERE, Stage, happens

DECLINED, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS = (
    "4000000000000002", "4000000000000341", "4000002500003155", "4000002760003184",
)  # fmt: skip
WHO = st.sampled_from(NAMES)
CARDS = st.sampled_from((GOOD_CARD, GOOD_CARD, GOOD_CARD, DECLINED, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS))
CANCEL, PAUSE, PLAN = f"{HERE}/cancellation", f"{HERE}/pause", f"{HERE}/plan"
PAY, CONFIRM = f"{HERE}/payment", f"{HERE}/plan/confirmation"


class MemberRules(Stage):
    # joining

    @happens(who=WHO, plan=st.sampled_from(tuple(PLANS)), card=CARDS, comes_back=st.booleans())
    async def join(self, who: str, plan: str, card: str, comes_back: bool) -> None:
        """By the plan's own page; the price that is shown there is what may be charged."""
        life, held = self.life(who), self.agreement(who)
        if life.asked == "erased":
            return
        page = await self.visitor(who).get(f"/join/{plan}")
        answer = await self.visitor(who).post(f"/join/{plan}", **form_on(page, f"/join/{plan}"))
        if "/offline-payments" not in answer.path:
            is_new = held is None or held.is_over
            assert not is_new or self.is_faulty or self.is_late or not self.is_quiet, answer.words
            return
        assert held is None or held.status in ("incomplete", "canceled", "incomplete_expired"), (
            "a second one was offered"
        )
        await self.pay_for_joining(who, answer.path, card, comes_back)

    async def pay_for_joining(
        self, who: str, address: str, card: str, comes_back: bool, *, percent_bp: int = 0, payments: int | None = 0
    ) -> None:
        life, before = self.life(who), self.bank()
        paid = await self.world.pay(address, card)
        self.is_quiet = False
        after = self.bank()
        made = [one for one in after.agreements if one.id not in {old.id for old in before.agreements}]
        if paid.state == "done" and made:
            price, is_trial = made[0].price, made[0].status == "trialing"
            coming = model.Reduction(made[0].id, percent_bp, payments) if percent_bp else None
            life.agree("joining", 0 if is_trial else coming.of(price) if coming else price)
            life.asked, life.fees, life.next_charge, life.pause = "running", {price}, None, None
            life.reduction = coming
        if comes_back and paid.state == "done":
            page = await self.visitor(who).get(paid.url)
            self.must_be_true(who, page, before, before)
            await self.catch_up()

    @happens(who=WHO, plan=st.sampled_from(tuple(PLANS)))
    async def leave_the_payment_page(self, who: str, plan: str) -> None:
        if self.life(who).asked == "nothing":
            await self.visitor(who).post(f"/join/{plan}")

    # ending

    @happens(who=WHO, reason=st.sampled_from(("", "price")))
    async def cancel(self, who: str, reason: str) -> None:
        if self.life(who).asked != "erased":
            await self.act(
                who, CANCEL, done=was_cancelled, then=lambda: self.has_cancelled(who), offered=f'href="{CANCEL}"',
                reason=reason,
            )  # fmt: skip

    def has_cancelled(self, who: str) -> None:
        agreement = self.agreement(who)
        self.life(who).asked = "nothing" if agreement is None or agreement.is_over else "cancelled"
        self.life(who).next_charge = None

    @happens(who=WHO)
    async def cancel_after_all_not(self, who: str) -> None:
        address = f"{CANCEL}/withdrawal"
        if self.life(who).asked != "erased":
            await self.act(
                who, address, done=_was_kept, then=lambda: self.runs_again(who), offered=f'action="{address}"'
            )

    def runs_again(self, who: str) -> None:
        self.life(who).asked = "running"

    # pausing

    @happens(who=WHO, start=st.sampled_from(("now", "on", "end")), months=st.sampled_from((1, 2, 6)))
    async def pause(self, who: str, start: str, months: int) -> None:
        """Now, on a day within the paid period, or when it ends. From then on nothing is held and nothing charged until
        it is over."""
        life, before = self.life(who), self.agreement(who)
        if life.asked == "erased":
            return
        begins, on = _begins(before, start)
        await self.act(
            who, PAUSE, done=_was_moved, then=lambda: self.rests(who, begins, months), offered=f'href="{PAUSE}"',
            start=start, on=on, months=months,
            until=model.months_later(begins, months).astimezone(LONDON).date().isoformat(),
        )  # fmt: skip

    def rests(self, who: str, begins: datetime, months: int) -> None:
        self.life(who).pause, self.life(who).next_charge = (begins, model.months_later(begins, months)), None

    @happens(who=WHO)
    async def come_back_from_the_pause(self, who: str) -> None:
        """Or take back one that is to come. The sum that the page names is agreed to; within paid time it is none."""
        life, address = self.life(who), f"{PAUSE}/end"
        if life.asked == "erased":
            return
        page = await self.visitor(who).get(address)
        form = form_on(page, address)
        due = int(form.get("due") or 0)
        life.agree("return", due)
        was_done = await self.act(
            who, address, done=_was_moved, then=lambda: self.is_back(who), offered=f'="{address}"', **form
        )
        if due and not was_done and not self.is_faulty:
            life.promises = [one for one in life.promises if one.what != "return"]

    def is_back(self, who: str) -> None:
        self.life(who).pause, self.life(who).next_charge = None, None

    # changing the plan

    @happens(who=WHO, plan=st.sampled_from(tuple(PLANS)), twice=st.booleans())
    async def change_plan(self, who: str, plan: str, twice: bool) -> None:
        """What the page names as due today is agreed to; a second click on the same page agrees to nothing more."""
        life, address = self.life(who), f"{PLAN}/{plan}"
        if life.asked == "erased":
            return
        page = await self.visitor(who).get(address)
        if f'action="{address}"' not in page.text:
            return
        form = form_on(page, address)
        agreement, due = self.agreement(who), int(form["due"])
        assert agreement is not None
        life.agree("change", due)
        before = self.bank()
        for _ in range(1 + twice):
            answer = await self.visitor(who).post(address, **form)
            self.must_be_true(who, answer, before, self.bank())
        after, is_waiting = self.agreement(who), answer.path.startswith(CONFIRM)
        price = plan_catalogue.by_slug(plan).price.amount
        if after is not None and after.price == price:
            life.plans_no_more()
            life.fees = {price}
        elif not is_waiting:
            life.plans(price, is_other_length=PLANS[plan][1] != agreement.interval)
        if after is not None and after.price != price and not self.is_faulty and not is_waiting:
            life.promises = [one for one in life.promises if (one.what, one.amount) != ("change", due)]
        if is_waiting:
            life.fees.add(price)
        life.next_charge = None

    @happens(who=WHO)
    async def keep_the_plan(self, who: str) -> None:
        life, agreement = self.life(who), self.agreement(who)
        if life.asked != "erased" and agreement is not None:
            await self.visitor(who).post(f"{PLAN}/withdrawal")
            life.plans_no_more()
            life.fees.add(agreement.price)
            life.next_charge = None

    # paying what is open

    @happens(who=WHO, card=CARDS, challenge=st.sampled_from(("pass", "fail")))
    async def pay_what_is_owed(self, who: str, card: str, challenge: str) -> None:
        """On the page of the invoice, where the bank may ask."""
        await self.pay_on_its_page(who, PAY, card, challenge)

    @happens(who=WHO, card=CARDS, challenge=st.sampled_from(("pass", "fail")))
    async def confirm_the_change_with_the_bank(self, who: str, card: str, challenge: str) -> None:
        await self.pay_on_its_page(who, CONFIRM, card, challenge)

    async def pay_on_its_page(self, who: str, address: str, card: str, challenge: str) -> None:
        if self.life(who).asked == "erased":
            return
        answer = await self.visitor(who).post(address)
        if "/offline-payments/invoice/" in answer.path:
            self.world.stand_in.pay_invoice(answer.path, card, challenge=challenge)
            before = self.bank()
            self.must_be_true(who, await self.visitor(who).get(address), before, before)
            self.life(who).next_charge = None
            await self.catch_up()

    # cards

    @happens(who=WHO, card=CARDS, comes_back=st.booleans())
    async def take_another_card(self, who: str, card: str, comes_back: bool) -> None:
        if self.life(who).asked == "erased":
            return
        answer = await self.visitor(who).post(f"{HERE}/card")
        if "/offline-payments" not in answer.path:
            agreement = self.agreement(who)
            assert self.is_faulty or not self.is_quiet or agreement is None or agreement.is_over, answer.notice
            return
        paid = await self.world.pay(answer.path, card)
        if paid.state == "done" and comes_back:
            await self.visitor(who).get(paid.url)
            await self.catch_up()
        else:
            self.is_quiet = False

    # looking

    @happens(who=WHO, address=st.sampled_from((HERE, "/account", "/join", PLAN, PAUSE, CANCEL, PAY, f"{HERE}/welcome")))
    async def look(self, who: str, address: str) -> None:
        if self.life(who).asked != "erased":
            before = self.bank()
            self.must_be_true(who, await self.visitor(who).get(address), before, self.bank())


def form_on(page: Any, address: str) -> dict[str, str]:
    found = re.search(rf'action="{re.escape(address)}"', page.text)
    return page.given(address) if found else {}  # type: ignore[no-any-return]


def was_cancelled(before: Agreement | None, after: Agreement | None) -> bool:
    if before is None or after is None or before.is_over or before.cancel_at:
        return False
    return bool(after.cancel_at) or after.is_over


def _was_kept(before: Agreement | None, after: Agreement | None) -> bool:
    return bool(before and after and before.cancel_at and not after.cancel_at and not after.is_over)


LONDON = ZoneInfo("Europe/London")


def _begins(before: Agreement | None, start: str) -> tuple[datetime, str]:
    """When a pause begins, and the date to type: midnight of a day soon, for one on a day.

    Only a day that is still paid for is on offer; when none is left it begins now.
    """
    if start == "on":
        for days in (3, 2, 1):
            day = (clock.now() + timedelta(days=days)).astimezone(LONDON).date()
            begins = datetime.combine(day, time(0), tzinfo=LONDON)
            if before is None or begins <= before.period_end:
                return begins, day.isoformat()
        return clock.now(), clock.now().astimezone(LONDON).date().isoformat()
    return before.period_end if before and start == "end" else clock.now(), ""


def _was_moved(before: Agreement | None, after: Agreement | None) -> bool:
    return bool(before and after and before.period_end != after.period_end)
