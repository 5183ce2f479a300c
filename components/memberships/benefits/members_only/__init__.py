"""Products that only members can buy."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from components.foundation.languages.words import _
from components.memberships.benefits import scope_fields
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.effects import Effects, MembersOnlyEffect
from components.memberships.benefits.protocol import Kind
from components.memberships.benefits.scope_fields import Covered


class MembersOnlySettings(msgspec.Struct, frozen=True):
    covered: Covered = Covered()


class MembersOnly(Kind[MembersOnlySettings]):
    key = "members_only"
    title = "Members-only products"
    hint = "Lets members buy products marked “members only”: all or a selection."
    name_hint = "Shown to members on members-only products, for example “Members’ exclusive”."
    when_removed = (
        "They can no longer buy members-only products. These stay in their baskets, marked, but out of the total."
    )
    monitored_as = "products for members"
    settings_type = MembersOnlySettings
    fields = scope_fields.FIELDS
    example = {"covers": "everything"}

    def read(self, answers: Mapping[str, Any]) -> MembersOnlySettings:
        return MembersOnlySettings(scope_fields.read_scope(answers))

    def answers(self, settings: MembersOnlySettings) -> dict[str, Any]:
        return scope_fields.as_answers(settings.covered)

    def words(self, settings: MembersOnlySettings) -> str:
        if settings.covered.kind == "everything":
            return _("Members-only products")
        return _("Members only: %(products)s", products=scope_fields.in_words(settings.covered))

    def effects(self, settings: MembersOnlySettings, *, benefit_id: UUID, name: str) -> Effects:
        return (MembersOnlyEffect(settings.covered.scope),)

    def backtest(self, past: BacktestHistory[MembersOnlySettings]) -> BacktestOutcome:
        given = tuple(_sold(past))
        sold = sum(one.count for one in given)
        return BacktestOutcome(
            given,
            f"{counted(sold, 'members-only item was', 'members-only items were')} sold",
            "Access costs nothing in itself. Who else would have bought is not predicted.",
        )


def _sold(past: BacktestHistory[MembersOnlySettings]) -> Iterator[BacktestGrant]:
    """Each item once, however many benefits opened it."""
    for bought in past.purchases:
        for piece in (one for one in bought.pieces if one.is_members_only):
            held = (one for one in past.held(bought.plans) if one.settings.covered.scope.covers(piece.variant))
            for one in islice(held, 1):
                yield BacktestGrant(bought.person, one.plan, one.benefit, bought.at, count=piece.quantity)


KIND = MembersOnly()
