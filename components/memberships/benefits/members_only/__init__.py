"""Products that only members can buy, for ever."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits import scoping
from components.memberships.benefits.hindsight import Given, Past, Replayed, counted
from components.memberships.benefits.protocol import Kind, Share
from components.memberships.benefits.scoping import Covered


class Settings(msgspec.Struct, frozen=True):
    covered: Covered = Covered()


class MembersOnly(Kind[Settings]):
    key = "members_only"
    title = "Members-only products"
    hint = "Lets members buy products marked “members only”: all of them or a selection."
    settings_type = Settings
    fields = scoping.FIELDS

    def read(self, answers: Mapping[str, Any]) -> Settings:
        return Settings(scoping.read(answers))

    def answers(self, settings: Settings) -> dict[str, Any]:
        return scoping.answers(settings.covered)

    def words(self, settings: Settings) -> str:
        if settings.covered.kind == "everything":
            return "Pieces made for members only"
        return f"Made for members only: {scoping.words(settings.covered)}"

    def share(self, settings: Settings, *, benefit_id: UUID, name: str) -> Share:
        return Share(members_only=(settings.covered.scope,))

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(_sold(past))
        sold = sum(one.count for one in given)
        return Replayed(
            given,
            f"{counted(sold, 'members-only piece was', 'members-only pieces were')} sold",
            "Access itself costs nothing. Additional purchases are not estimated.",
        )


def _sold(past: Past[Settings]) -> Iterator[Given]:
    """Each piece once, however many benefits opened it."""
    for bought in past.purchases:
        for piece in (one for one in bought.pieces if one.is_members_only):
            held = (one for one in past.held(bought.plans) if one.settings.covered.scope.covers(piece.variant))
            for one in islice(held, 1):
                yield Given(bought.person, one.plan, one.benefit, bought.at, count=piece.quantity)


KIND = MembersOnly()
