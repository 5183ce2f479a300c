"""A member's store credit and perks in the staff area: statement, adding and taking back, marking perks as used."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import audit, clock, formatting, ids
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.ledger import balances, credit
from components.ledger.balances import Balances
from components.memberships.benefits.kinds import all_kinds
from components.memberships.entitlements import entitlements
from components.people import customer_accounts
from components.people.tables import Person
from components.rewards import perks as rewards_perks
from components.rewards.perks import Used
from web.account.membership.credit import StatementLine, statement_lines
from web.account.security.confirm_refund import CREDIT, GivingBack, confirm_refund, within_limit
from web.current_person import person_id_of
from web.forms.fields import Choice, Once, ReferenceField, Text
from web.forms.form import Form
from web.forms.numbers import AmountField
from web.forms.times import Moment
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.staff.members.credit_taken_back import TakeBackForm, take_back
from web.views import View, page

YEAR = timedelta(days=365)
MOST = 1_000_000
"""Minor units: a slip of the keyboard cannot give a fortune, and credit that was spent cannot be taken back."""
HERE = "/staff/members/{}/credit"


class GrantForm(Form):
    amount = AmountField("Amount")
    words = Text("Reason", longest=120, help="The member sees this on their statement.")
    until = Moment("Expires", required=False, help="Leave empty for no expiry date.")
    key = Once("Form")


class PerkForm(Form):
    benefit = Choice("Perk")
    note = Text("Note", longest=300, required=False, help="Only visible to staff.")
    key = Once("Form")


class UndoForm(Form):
    use = ReferenceField("Use")


@dataclass(frozen=True, kw_only=True)
class PerkUsed:
    name: str
    used: Used


@dataclass(frozen=True, kw_only=True)
class MemberCreditPage(View):
    template: ClassVar[str] = "staff/members/member_credit/show.html"
    person: Person
    purse: Balances
    lines: tuple[StatementLine, ...]
    pages: Pager
    uses: tuple[PerkUsed, ...]
    grant: GrantForm
    take_back: TakeBackForm
    given_left: int
    perk: PerkForm
    has_perks: bool


class MemberCreditController(Controller):
    path = "/staff/members/{person_id:uuid}/credit"
    guards = [staff("members")]

    @get()
    async def show(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return page(request, await _page(person_id, number=page_asked(request)))

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        """Add credit; submitting the same form twice adds it once."""
        await _person(person_id)
        form = await GrantForm.read(request)
        if form.is_valid and form.amount <= 0:
            form.refuse("amount", "Enter an amount above zero.")
        if form.is_valid and form.amount > MOST:
            form.refuse("amount", f"Enter at most {_money(MOST)} at a time.")
        if form.is_valid and form.until is not None and form.until <= clock.now():
            form.refuse("until", "Choose a date in the future.")
        if not form.is_valid:
            return page(request, await _page(person_id, grant=form), status=422)
        sum_of_it = Money(form.amount, shop_settings.current().currency)
        giving = GivingBack(what=CREDIT, subject=person_id, key=form.key, amount=sum_of_it)
        if asked := await confirm_refund(request, giving):
            return asked
        try:
            await _grant(request, person_id, form, giving)
        except Refusal as refusal:
            return page(request, await _page(person_id, grant=form.refuse(None, str(refusal))), status=refusal.status)
        return with_notice(see_other(HERE.format(person_id)), "Store credit added.")

    @post("/taken-back")
    async def destroy(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        await _person(person_id)
        form = await TakeBackForm.read(request)
        status = await take_back(person_id, form, by=person_id_of(request))
        if not form.is_valid:
            return page(request, await _page(person_id, back=form), status=status)
        return with_notice(see_other(HERE.format(person_id)), "Store credit taken back.")

    @post("/perks")
    async def use_perk(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        perks = await _perks(person_id)
        form = await PerkForm.read(request, choices={"benefit": [(key, name) for key, (name, _) in perks.items()]})
        if form.is_valid:
            try:
                await rewards_perks.use(
                    UUID(form.benefit), person_id=person_id, by=person_id_of(request), key=form.key, note=form.note,
                    most=perks[form.benefit][1], since=clock.now() - YEAR,
                )  # fmt: skip
                return with_notice(see_other(HERE.format(person_id)), "Marked as used.")
            except Refusal as refusal:
                form.refuse("benefit", str(refusal))
        return page(request, await _page(person_id, perk=form), status=422)

    @post("/perks/undo")
    async def undo_perk(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        form, back = await UndoForm.read(request), see_other(HERE.format(person_id))
        try:
            if form.is_valid:
                await rewards_perks.undo(form.use, person_id=person_id, by=person_id_of(request))
        except NotFound as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, "Undone: it no longer counts as used.")


async def _grant(request: Request[Any, Any, Any], person_id: UUID, form: GrantForm, giving: GivingBack) -> None:
    """Raises `GivenMeanwhile`."""
    async with within_limit(request, giving):
        is_new = await credit.grant(
            person_id, form.amount, cause=f"kindness:{form.key}", words=form.words, expires_at=form.until
        )
        if is_new:
            after = {"amount": form.amount, "words": form.words, "grant": str(form.key)}
            await audit.record(person_id_of(request), CREDIT, "person", person_id, after=after)


def _money(amount: int) -> str:
    return formatting.money(Money(amount, shop_settings.current().currency))


async def _page(
    person_id: UUID,
    *,
    grant: GrantForm | None = None,
    back: TakeBackForm | None = None,
    perk: PerkForm | None = None,
    number: int = 1,
) -> MemberCreditPage:
    person, perks = await _person(person_id), await _perks(person_id)
    lines, pages = await statement_lines(person_id, number, HERE.format(person_id))
    names = {UUID(key): name for key, (name, _) in perks.items()}
    used = await rewards_perks.of_person(person_id)
    choices = [(key, name) for key, (name, _) in perks.items()]
    return MemberCreditPage(
        person=person,
        purse=await balances.for_person(person_id),
        lines=lines,
        pages=pages,
        uses=tuple(PerkUsed(name=names.get(one.benefit_id, "A former perk"), used=one) for one in used),
        grant=grant or GrantForm.blank(key=ids.new()),
        take_back=back or TakeBackForm.blank(once=ids.new()),
        given_left=await credit.given_left(person_id),
        perk=perk or PerkForm.blank(choices={"benefit": choices}, key=ids.new()),
        has_perks=bool(perks),
    )


async def _perks(person_id: UUID) -> dict[str, tuple[str, int]]:
    """The perks the member has now, by benefit: their names, and how often a year."""
    standing = await entitlements.for_person(person_id)
    held = [(one, all_kinds().get(one.kind)) for one in standing.entitlements]
    marked = [(one, of_kind.yearly_uses(of_kind.load(one.settings))) for one, of_kind in held if of_kind is not None]
    return {str(one.benefit_id): (one.name, most) for one, most in marked if most is not None}


async def _person(person_id: UUID) -> Person:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("There is no customer at this address.")
    return person
