"""People as rows, with every membership they are to have: what is drawn reaches until today from the first."""

from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple
from uuid import UUID

from components.demo.generator import drawn_agreements
from components.demo.generator.bank_rows import BilledPerson
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import DrawnAgreement, DrawnSpan
from components.demo.generator.drawn_people import DrawnPerson
from components.demo.generator.fee_rows import FeeRows
from components.demo.generator.generated_base import ONCE, GeneratedBase
from components.demo.generator.granted_rows import GrantedRows, may_be_shared
from components.demo.generator.member_rows import MemberRows
from components.demo.generator.payment_rows import PaymentRows
from components.demo.generator.placed_orders import GeneratedBuyer, address_of
from components.demo.generator.seasonal_calendar import A_DAY, at_instant
from components.demo.names import FIRST
from components.demo.shop_history import ANNUAL, MONTHLY
from components.foundation.languages import language
from components.memberships.promises import early_start_requests

JOINS_WITHIN = 1 / (12 * A_DAY)
WAYS, WEIGHTS = ("trial", MONTHLY, ANNUAL, "gift", "term"), (36, 17, 37, 6, 4)
"""How somebody becomes a member."""
STAYS_AFTER_GIFT, COMES_BACK, SHARES = 0.4, 0.16, 0.2
IS_FRIEND, IS_GIVEN = 0.12, 0.003
"""Of accounts that never paid: on the free plan, and with a year from the shop."""
SECURITY_DAYS = 90


@dataclass(slots=True)
class Arrived:
    """A buyer and what they hold over time."""

    buyer: GeneratedBuyer
    orders: list[int]
    held: list[DrawnSpan] = field(default_factory=list)
    next: int = 0

    def plan_at(self, at: int) -> str:
        return next((one.plan for one in self.held if one.starts <= at and (one.ends is None or at < one.ends)), "")


class OpenedAccount(NamedTuple):
    at: int
    person: UUID
    email: str


class Arrivals:
    """Writes people into the blocks. `accounts`: those of buyers."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks, ids: RowIds, chance: Random) -> None:
        self.base, self.blocks, self.ids, self.chance = base, blocks, ids, chance
        self.members, self.fees = MemberRows(base, blocks, ids, chance), FeeRows(base, blocks, ids, chance)
        self.granted = GrantedRows(base, blocks, ids, self.members, PaymentRows(base, blocks, ids))
        self.asked = early_start_requests.asked_in("GB")
        self.accounts: list[OpenedAccount] = []
        self.members.begin()

    def come(self, drawn: DrawnPerson) -> Arrived:
        person = self._account(drawn.name, drawn.email, drawn.arrives) if drawn.has_account else None
        address = address_of(drawn.name, drawn.street, drawn.town, drawn.postcode)
        found = Arrived(GeneratedBuyer(person, drawn.email, drawn.name, address), drawn.orders)
        if person is not None:
            self.accounts.append(OpenedAccount(drawn.arrives, person, drawn.email))
            self._address(person, drawn)
            found.held = self._joined(person, drawn) if drawn.is_member else self._given(person, drawn.arrives)
        return found

    def _account(self, name: str, email: str, at: int) -> UUID:
        person, moment = self.ids.at(at), at_instant(at)
        self.blocks.add(
            "person", id=person, email=email, name=name, language=language.current(), email_confirmed_at=moment,
            created_at=moment,
        )  # fmt: skip
        if at > self.base.now - SECURITY_DAYS * A_DAY:
            minute = moment.replace(second=0)
            self.blocks.add(
                "security_event", id=self.ids.at(at), kind="account opened", minute=minute, at=moment, person=person
            )
        return person

    def _address(self, person: UUID, drawn: DrawnPerson) -> None:
        moment = at_instant(drawn.arrives)
        self.blocks.add(
            "address", id=self.ids.at(drawn.arrives), person=person, name=drawn.name, line1=drawn.street,
            city=drawn.town, postcode=drawn.postcode, country="GB", is_default=True, created_at=moment,
        )  # fmt: skip

    def _given(self, person: UUID, at: int) -> list[DrawnSpan]:
        fall = self.chance.random()
        if fall < IS_GIVEN:
            return [self.granted.complimentary(person, at)]
        return [self.granted.friend(person, at)] if fall < IS_GIVEN + IS_FRIEND else []

    def _joined(self, person: UUID, drawn: DrawnPerson) -> list[DrawnSpan]:
        chance, now = self.chance, self.base.now
        at = min(drawn.arrives + int(chance.expovariate(JOINS_WITHIN)), max(drawn.arrives, now - A_DAY))
        way, held = chance.choices(WAYS, WEIGHTS)[0], list[DrawnSpan]()
        if way == "term" and ONCE not in self.base.plans:
            way = ANNUAL
        if way in ("gift", "term"):
            held.append(self._once(person, drawn, at) if way == "gift" else self.granted.term(person, drawn.email, at))
            ends = held[-1].ends
            if ends is None or ends >= now or chance.random() > STAYS_AFTER_GIFT:
                return held
            at, way = ends, ANNUAL
        first = self._subscribed(person, drawn, MONTHLY if way == "trial" else way, at, has_trial=way == "trial")
        held += first.held
        if first.ended is not None and chance.random() < COMES_BACK:
            again = first.ended + chance.randrange(45, 240) * A_DAY
            if again < now - A_DAY:
                plan = chance.choice((MONTHLY, ANNUAL))
                held += self._subscribed(person, drawn, plan, again, has_trial=False).held
        return held

    def _once(self, person: UUID, drawn: DrawnPerson, at: int) -> DrawnSpan:
        """From somebody who buys nothing else."""
        giver = f"{Random(drawn.email).choice(FIRST)} {drawn.name.split()[-1]}"
        buyer = self._account(giver, f"giver.{drawn.email}", at - 3 * A_DAY)
        return self.granted.gift(buyer, giver, person, drawn.name, drawn.email, at)

    def _subscribed(self, person: UUID, drawn: DrawnPerson, plan: str, at: int, *, has_trial: bool) -> DrawnAgreement:
        agreement = drawn_agreements.draw(self.chance, plan, at, self.base.now, has_trial=has_trial)
        if self.base.bank is not None and agreement.status == "past_due":
            drawn_agreements.give_up(agreement, self.base.now)
        prices = self.members.prices(agreement)
        subscription = self.members.subscription(person, drawn.email, agreement, prices)
        self.fees.write(subscription, BilledPerson(person, drawn.email, drawn.name), agreement, prices)
        for number, span in enumerate(agreement.held):
            self.members.membership(person, span, source="subscription", source_id=subscription)
            if may_be_shared(span, self.base.now) and self.chance.random() < SHARES:
                self._share(subscription, person, drawn, span, number)
        self._consent(person, prices[0].version if prices else self.base.prices[plan].version, at)
        return agreement

    def _share(self, subscription: UUID, person: UUID, drawn: DrawnPerson, span: DrawnSpan, number: int) -> None:
        """With somebody who lives with them and has an account of their own."""
        first = FIRST[(drawn.number + number + 1) % len(FIRST)]
        email = f"{first.lower()}{number or ''}.{drawn.email}"
        holder = self._account(f"{first} {drawn.name.split()[-1]}", email, span.starts)
        self.granted.seat(subscription, person, holder, email, span)

    def _consent(self, person: UUID, version: UUID, at: int) -> None:
        """Most ask that it begins before the days to withdraw are over."""
        if self.asked is not None:
            self.blocks.add(
                "early_start", id=self.ids.at(at), person=person, plan_version=version,
                is_wanted=self.chance.random() < 0.9, words=self.asked.words, language=language.current(),
                country=self.asked.country, at=at_instant(at),
            )  # fmt: skip
