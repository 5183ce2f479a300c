"""What staff, households and the dashboard of the bank do."""

from datetime import timedelta

from hypothesis import strategies as st

from components.foundation import clock
from components.foundation.refusals import Refusal
from components.memberships.billing import cancellations, price_migrations, subscriptions
from components.memberships.editing import plans
from components.memberships.grants import complimentary, seats
from components.memberships.plans import plan_catalogue
from components.people.privacy import erasure
from tests.random_lives import model
from tests.random_lives.member_rules import WHO, MemberRules, was_cancelled
from tests.random_lives.stage import HERE, happens
from web.standin.pages import banks
from web.standin.resources import customers
from web.standin.resources import refunds as bank_refunds


class StaffRules(MemberRules):
    # given by the shop

    @happens(who=WHO, days=st.sampled_from((None, 3, 30, 200)))
    async def staff_give_a_membership(self, who: str, days: int | None) -> None:
        life = self.life(who)
        if life.asked == "erased":
            return
        until = clock.now() + timedelta(days=days) if days else None
        try:
            plan = plan_catalogue.by_slug("deluxe")
            made = await complimentary.grant(life.id, plan, until=until, by=self.world.owner)
        except complimentary.AlreadyHeld:
            return
        life.grants.append(model.Grant("comp", made.id, clock.now(), until))

    @happens(who=WHO)
    async def staff_end_what_they_gave(self, who: str) -> None:
        life, now = self.life(who), clock.now()
        given = next((one for one in life.grants if one.source == "comp" and one.holds(now)), None)
        if given is not None:
            await complimentary.end(given.id, by=self.world.owner)
            given.ends_at = now

    @happens(who=WHO)
    async def join_the_free_plan(self, who: str) -> None:
        if self.life(who).asked != "erased":
            await self.visitor(who).post("/join/friend")

    @happens(who=WHO)
    async def leave_the_free_plan(self, who: str) -> None:
        if self.life(who).asked != "erased":
            await self.visitor(who).post(f"{HERE}/free/end")

    # households

    @happens(payer=WHO, guest=WHO, accepts=st.booleans())
    async def offer_a_seat(self, payer: str, guest: str, accepts: bool) -> None:
        """Only a plan that has seats has some to give: the deluxe one."""
        if "erased" in (self.life(payer).asked, self.life(guest).asked) or not self.is_quiet:
            return
        agreement = self.agreement(payer)
        try:
            seat = await seats.invite(
                self.life(payer).id, email=self.visitor(guest).email, own_email=self.visitor(payer).email
            )
        except Refusal:
            return
        if not accepts:
            return
        answer = await self.visitor(guest).post(f"/household/{seat.id}/{seats.token(seat.id)}")
        assert answer.status == 200 and agreement is not None, answer.words
        self.life(guest).grants.append(model.Grant("seat", seat.id, clock.now(), None, agreement.id))

    @happens(guest=WHO)
    async def leave_the_seat(self, guest: str) -> None:
        if self.life(guest).asked == "erased":
            return
        held = await seats.seats_held(self.life(guest).id)
        await self.visitor(guest).post("/account/household/leaving")
        self.life(guest).grants = [one for one in self.life(guest).grants if held is None or one.id != held.id]

    @happens(payer=WHO)
    async def take_the_seats_back(self, payer: str) -> None:
        household = await seats.household(self.life(payer).id)
        for seat in household.seats if household else ():
            await seats.revoke(seat.id, payer=self.life(payer).id)
            for life in self.lives.values():
                life.grants = [one for one in life.grants if one.id != seat.id]

    # prices

    @happens(
        plan=st.sampled_from(("monthly", "annual")), more=st.sampled_from((50, 110)), notice=st.sampled_from((7, 30))
    )
    async def staff_raise_a_price_for_everybody(self, plan: str, more: int, notice: int) -> None:
        """New members pay it at once, members after the notice."""
        found = plan_catalogue.by_slug(plan)
        await plans.revise(found.id, price=found.price.amount + more, by=self.world.owner)
        now = plan_catalogue.by_slug(plan)
        for life in self.lives.values():
            life.next_charge = None
            if found.price.amount in life.fees:
                life.fees.add(now.price.amount)
        try:
            await price_migrations.schedule(
                now, from_at=clock.now() + timedelta(days=1), notice_days=notice, by=self.world.owner
            )
        except Refusal:
            return

    @happens(plan=st.sampled_from(("monthly", "annual")))
    async def staff_stop_the_raise(self, plan: str) -> None:
        try:
            await price_migrations.stop(plan_catalogue.by_slug(plan).id, by=self.world.owner)
        except Refusal:
            return

    # ending for somebody

    @happens(who=WHO)
    async def staff_cancel_a_subscription(self, who: str) -> None:
        life, before = self.life(who), self.agreement(who)
        running = await subscriptions.running(life.id)
        if running is None or life.asked == "erased":
            return
        try:
            await cancellations.schedule(running.id, by=self.world.owner)
        except Refusal as refusal:
            is_cancelled = before is not None and before.cancel_at is not None
            assert self.is_faulty or not self.is_quiet or is_cancelled, refusal
        was_done = was_cancelled(before, self.agreement(who))
        self.became(life, before, was_done, was_cancelled, lambda: self.has_cancelled(who))

    @happens(who=WHO)
    async def delete_the_account(self, who: str) -> None:
        """Never while it would go on billing; and afterwards nothing is ever charged."""
        life, agreement = self.life(who), self.agreement(who)
        if life.asked == "erased" or not self.is_quiet or self.is_faulty:
            return
        try:
            await erasure.erase(life.id)
        except erasure.ErasureRefused:
            return
        assert agreement is None or agreement.is_over or agreement.cancel_at is not None, agreement
        life.asked = "erased"
        self.is_quiet = False

    # the dashboard

    @happens(pence=st.integers(1, 400))
    async def somebody_refunds_in_the_dashboard(self, pence: int) -> None:
        fit = (one for one in self.bank().charges if one.refunded + pence <= one.amount and not one.is_disputed)
        charge = next(fit, None)
        if charge is None:
            return
        with self.world.stand_in.engine.changing() as books:
            bank_refunds.create(books, {"charge": charge.id, "amount": pence})
        next(life for life in self.lives.values() if life.id == charge.person).returned += pence
        self.is_quiet = False

    @happens(who=WHO)
    async def somebody_deletes_the_customer(self, who: str) -> None:
        life = self.life(who)
        customer = next((one for one, person in self.world.customers.items() if person == life.id), None)
        if customer is None or life.asked == "erased":
            return
        with self.world.stand_in.engine.changing() as books:
            if (found := books.peek(customer)) is None or found.get("deleted"):
                return
            customers.delete(books, customer)
        life.asked, self.is_quiet = "nothing", False

    @happens()
    async def a_charge_is_disputed(self) -> None:
        charge = self.bank().charges[-1]
        if not charge.is_disputed and charge.refunded < charge.amount:
            banks.open_dispute(self.world.stand_in.engine, [], {"charge": charge.id})
            self.is_quiet = False

    @happens(verdict=st.sampled_from(("won", "lost")))
    async def a_dispute_is_decided(self, verdict: str) -> None:
        with self.world.stand_in.engine.changing() as books:
            found = next(iter(books.find("dispute", status="needs_response")), None)
            wanted = found["id"] if found else None
        if wanted is not None:
            banks.decide_dispute(self.world.stand_in.engine, [], {"dispute": wanted, "verdict": verdict})
            self.is_quiet = False
