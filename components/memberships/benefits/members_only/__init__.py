"""Products that only members can buy, for ever."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

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
    hint = "Opens the products that are marked “members only”: all of them, or some."
    name_hint = "What members read on what is theirs alone: “Made for the club”."
    when_removed = (
        "What is open to members alone closes to them. It stays in their baskets, marked, and is left out of the sum."
    )
    monitored_as = "products for members"
    settings_type = MembersOnlySettings
    fields = scope_fields.FIELDS

    def read(self, answers: Mapping[str, Any]) -> MembersOnlySettings:
        return MembersOnlySettings(scope_fields.read_scope(answers))

    def answers(self, settings: MembersOnlySettings) -> dict[str, Any]:
        return scope_fields.as_answers(settings.covered)

    def words(self, settings: MembersOnlySettings) -> str:
        if settings.covered.kind == "everything":
            return "Pieces made for members only"
        return f"Made for members only: {scope_fields.in_words(settings.covered)}"

    def effects(self, settings: MembersOnlySettings, *, benefit_id: UUID, name: str) -> Effects:
        return (MembersOnlyEffect(settings.covered.scope),)

    def backtest(self, past: BacktestHistory[MembersOnlySettings]) -> BacktestOutcome:
        given = tuple(_sold(past))
        sold = sum(one.count for one in given)
        return BacktestOutcome(
            given,
            f"{counted(sold, 'members-only piece was', 'members-only pieces were')} sold",
            "Opening a product costs nothing in itself. Who else would have bought it is not foreseen.",
        )


def _sold(past: BacktestHistory[MembersOnlySettings]) -> Iterator[BacktestGrant]:
    """Each piece once, however many benefits opened it."""
    for bought in past.purchases:
        for piece in (one for one in bought.pieces if one.is_members_only):
            held = (one for one in past.held(bought.plans) if one.settings.covered.scope.covers(piece.variant))
            for one in islice(held, 1):
                yield BacktestGrant(bought.person, one.plan, one.benefit, bought.at, count=piece.quantity)


KIND = MembersOnly()
