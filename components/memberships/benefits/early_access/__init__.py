"""New products open earlier for members: a head start before the date for everybody, maybe for so many of each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from components.catalog.visibility import HeadStart
from components.memberships.benefits import scoping
from components.memberships.benefits.hindsight import Given, Past, PastPiece, Replayed, counted
from components.memberships.benefits.protocol import Field, Kind, SettingRefused, Share
from components.memberships.benefits.scoping import Covered

LONGEST_HOURS = 24 * 60
MOST = 99


class Settings(msgspec.Struct, frozen=True):
    """`most` is how many of one product a member may have before it opens to everybody; None for no end."""

    hours: int
    covered: Covered = Covered()
    most: int | None = None


class EarlyAccess(Kind[Settings]):
    key = "early_access"
    title = "Early access"
    hint = "Members can buy a new product this long before general sale."
    settings_type = Settings
    fields = (
        Field("hours", "Head start in hours", "whole", hint="72 is three days."),
        Field(
            "most",
            "Limit per member and product before general sale",
            "whole",
            hint="Leave empty for no limit.",
            is_needed=False,
        ),
        *scoping.FIELDS,
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        hours = answers.get("hours")
        if not isinstance(hours, int) or not 0 < hours <= LONGEST_HOURS:
            raise SettingRefused("hours", f"Between 1 and {LONGEST_HOURS} hours.")
        most = answers.get("most")
        if most is not None and (not isinstance(most, int) or not 0 < most <= MOST):
            raise SettingRefused("most", f"Between 1 and {MOST}, or empty.")
        return Settings(hours, scoping.read(answers), most)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"hours": settings.hours, "most": settings.most, **scoping.answers(settings.covered)}

    def words(self, settings: Settings) -> str:
        days, hours = divmod(settings.hours, 24)
        ahead = f"{settings.hours} hours" if hours else f"{days} day{'s' if days != 1 else ''}"
        what = "New pieces" if settings.covered.kind == "everything" else f"New in {scoping.words(settings.covered)}:"
        upto = f", at most {settings.most} of each until then" if settings.most else ""
        return f"{what} {ahead} before everybody else{upto}"

    def share(self, settings: Settings, *, benefit_id: UUID, name: str) -> Share:
        head = HeadStart(settings.covered.scope, timedelta(hours=settings.hours), settings.most)
        return Share(head_starts=(head,))

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(_sold_early(past))
        sold = sum(one.count for one in given)
        return Replayed(
            given,
            f"{counted(sold, 'piece was', 'pieces were')} sold before their day",
            "A head start costs nothing in itself. Pieces count where people did buy them early; who would have bought "
            "earlier still is not foreseen.",
        )


def _sold_early(past: Past[Settings]) -> Iterator[Given]:
    """Each piece once, however many benefits opened it."""
    for bought in past.purchases:
        for piece in bought.pieces:
            held = (one for one in past.held(bought.plans) if _is_early(piece, one.settings, bought.at))
            for one in islice(held, 1):
                yield Given(bought.person, one.plan, one.benefit, bought.at, count=piece.quantity)


def _is_early(piece: PastPiece, terms: Settings, at: datetime) -> bool:
    opens = piece.opens_at
    is_in_time = opens is not None and opens - timedelta(hours=terms.hours) <= at < opens
    return is_in_time and terms.covered.scope.covers(piece.variant)


KIND = EarlyAccess()
