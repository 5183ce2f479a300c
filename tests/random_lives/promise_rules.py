"""What is promised about fees: discounts by staff, by a code or instead of cancelling, and a fee that is guaranteed."""

import re

from hypothesis import strategies as st

from components.foundation import database, ids
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from tests.random_lives import model
from tests.random_lives.beginning import CODES, GOOD_CARD, PLANS
from tests.random_lives.member_rules import CANCEL, WHO, MemberRules, form_on, was_cancelled
from tests.random_lives.stage import happens

OFFERS = re.compile(rf'action="({CANCEL}/offers/[^"]+)"')
LAW = "/cancel-membership"
OFF = "SELECT id FROM fee_discount WHERE subscription = $1 AND begun_at IS NOT NULL AND ended_at IS NULL"


class PromiseRules(MemberRules):
    @happens(who=WHO, percent_bp=st.sampled_from((2000, 5000)), payments=st.sampled_from((1, 2, None)))
    async def staff_put_a_discount_on(self, who: str, percent_bp: int, payments: int | None) -> None:
        """Off as many payments as were promised: no fewer, and none more."""
        life, agreement = self.life(who), self.agreement(who)
        running = await subscriptions.running(life.id)
        if running is None or agreement is None or not self.is_calm():
            return
        terms = FeeDiscountTerms(percent_bp=percent_bp, payments=payments)
        try:
            await fee_discounts.put(running.id, terms, key=ids.new(), reason="Sorry", by=self.world.owner)
        except Refusal as refusal:
            is_right = life.reduction is not None or agreement.cancel_at or agreement.status == "unpaid"
            assert is_right or agreement.is_over, f"{who}: {refusal} {agreement}"
            return
        await self.has_less_to_pay(who, percent_bp, payments)

    async def has_less_to_pay(self, who: str, percent_bp: int, payments: int | None) -> None:
        life, agreement = self.life(who), self.agreement(who)
        assert agreement is not None
        life.reduction, life.next_charge = model.Reduction(agreement.id, percent_bp, payments), None
        await self.catch_up()

    @happens(who=WHO)
    async def staff_take_the_discount_off(self, who: str) -> None:
        life, running = self.life(who), await subscriptions.running(self.life(who).id)
        found = await database.fetch_value(OFF, running.id) if running and self.is_calm() else None
        if found is None:
            return
        await fee_discounts.take_off(found, by=self.world.owner)
        life.reduction, life.next_charge = None, None
        await self.catch_up()

    @happens(who=WHO)
    async def stay_for_less(self, who: str) -> None:
        """Instead of cancelling: what the page offers is had by pressing it, and nothing is charged for it."""
        if self.life(who).asked == "erased" or not self.is_calm():
            return
        page, before = await self.visitor(who).get(CANCEL), self.bank()
        found = OFFERS.search(page.text)
        if found is None:
            return
        answer = await self.visitor(who).post(found[1])
        assert "goes on, with" in answer.notice, f"{who} was offered it, and told {answer.notice!r}"
        assert self.bank().charges == before.charges
        await self.has_less_to_pay(who, 2000, 2)

    @happens(who=WHO, plan=st.sampled_from(tuple(PLANS)), code=st.sampled_from(tuple(CODES)))
    async def join_with_a_code(self, who: str, plan: str, code: str) -> None:
        """What the page names is what is charged, today and for as many payments as it says."""
        held, address = self.agreement(who), f"/join/{plan}"
        if self.life(who).asked == "erased" or not self.is_calm() or (held is not None and not held.is_over):
            return
        page = await self.visitor(who).get(f"{address}?code={code}")
        answer = await self.visitor(who).post(address, **form_on(page, address))
        if "/offline-payments" not in answer.path or f"Coupon {code}" not in page.words:
            return
        percent_bp, payments = CODES[code]
        await self.pay_for_joining(who, answer.path, GOOD_CARD, True, percent_bp=percent_bp, payments=payments)

    @happens(who=WHO)
    async def cancel_by_law(self, who: str) -> None:
        """By the page that asks nobody to sign in; of oneself it is carried out at once."""
        life, before = self.life(who), self.agreement(who)
        if life.asked == "erased" or not self.is_calm():
            return
        typed = {"email": self.visitor(who).email, "name": who, "plan": "Monthly", "kind": "ordinary"}
        answer = await self.visitor(who).post(LAW, **typed)
        self.must_be_true(who, answer, self.bank(), self.bank())
        if was_cancelled(before, self.agreement(who)):
            self.has_cancelled(who)
        await self.catch_up()

    @happens()
    async def guarantees_are_settled(self) -> None:
        """What comes back as credit is never more than the fees that were paid."""
        books = self.bank()
        for life in self.lives.values():
            given = await database.fetch_value(
                "SELECT coalesce(sum(given), 0) FROM fee_guarantee WHERE person = $1", life.id
            )
            paid = sum(one.amount for one in books.charges if one.person == life.id and one.agreement)
            assert given <= paid, f"{life.name} was given {given} back of {paid}"

    def is_calm(self) -> bool:
        return self.is_quiet and not self.is_faulty and not self.is_late
