"""Products that only members can buy, for ever."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits import scoping
from components.memberships.benefits.protocol import Kind, Share
from components.memberships.benefits.scoping import Covered


class Settings(msgspec.Struct, frozen=True):
    covered: Covered = Covered()


class MembersOnly(Kind[Settings]):
    key = "members_only"
    title = "Members-only products"
    hint = "Opens the products that are marked “members only”: all of them, or some."
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


KIND = MembersOnly()
