"""Early access to new products before they go on general sale, optionally limited to so many of each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from components.catalog.visibility import HeadStart
from components.foundation.languages.words import _, n_
from components.memberships.benefits import scope_fields
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, PastPiece, counted
from components.memberships.benefits.effects import Effects, HeadStartEffect
from components.memberships.benefits.protocol import BenefitField, Kind, SettingRefused
from components.memberships.benefits.scope_fields import Covered

LONGEST_HOURS = 24 * 60
MOST = 99


class EarlyAccessSettings(msgspec.Struct, frozen=True):
    """`most` is how many of one product a member may buy before general sale; None for no limit."""

    hours: int
    covered: Covered = Covered()
    most: int | None = None


class EarlyAccess(Kind[EarlyAccessSettings]):
    key = "early_access"
    title = "Early access"
    hint = "Members can buy new products this long before they go on general sale."
    name_hint = "Shown to members on early-access products, for example “Three days early”."
    when_removed = "They can buy when general sale starts. Until then, items in baskets are left out of the total."
    rank = 2
    starters = {
        name: {"hours": hours, "most": 2}
        for name, hours in (("One day early", 24), ("Two days early", 48), ("Three days early", 72))
    }
    monitored_as = "products early"
    settings_type = EarlyAccessSettings
    fields = (
        BenefitField("hours", "Head start in hours", "whole", hint="72 is three days."),
        BenefitField(
            "most",
            "Limit per product and member before general sale",
            "whole",
            hint="Leave empty for no limit.",
            is_needed=False,
        ),
        *scope_fields.FIELDS,
    )
    example = {"hours": 72, "covers": "everything"}

    def read(self, answers: Mapping[str, Any]) -> EarlyAccessSettings:
        hours = answers.get("hours")
        if not isinstance(hours, int) or not 0 < hours <= LONGEST_HOURS:
            raise SettingRefused("hours", f"Enter between 1 and {LONGEST_HOURS} hours.")
        most = answers.get("most")
        if most is not None and (not isinstance(most, int) or not 0 < most <= MOST):
            raise SettingRefused("most", f"Enter between 1 and {MOST}, or leave it empty.")
        return EarlyAccessSettings(hours, scope_fields.read_scope(answers), most)

    def answers(self, settings: EarlyAccessSettings) -> dict[str, Any]:
        return {"hours": settings.hours, "most": settings.most, **scope_fields.as_answers(settings.covered)}

    def words(self, settings: EarlyAccessSettings) -> str:
        days, hours = divmod(settings.hours, 24)
        ahead = (
            n_("%(num)s hour", "%(num)s hours", settings.hours) if hours else n_("%(num)s day", "%(num)s days", days)
        )
        covered = scope_fields.in_words(settings.covered)
        what = {
            "everything": _("new products"),
            "collection": _("new products in %(collections)s", collections=covered),
        }.get(settings.covered.kind, covered)
        if settings.most:
            return _(
                "Shop %(products)s %(time)s early (up to %(most)s of each)",
                products=what,
                time=ahead,
                most=settings.most,
            )
        return _("Shop %(products)s %(time)s early", products=what, time=ahead)

    def effects(self, settings: EarlyAccessSettings, *, benefit_id: UUID, name: str) -> Effects:
        head = HeadStart(settings.covered.scope, timedelta(hours=settings.hours), settings.most)
        return (HeadStartEffect(head),)

    def backtest(self, past: BacktestHistory[EarlyAccessSettings]) -> BacktestOutcome:
        given = tuple(_sold_early(past))
        sold = sum(one.count for one in given)
        return BacktestOutcome(
            given,
            f"{counted(sold, 'item was', 'items were')} sold early",
            "Early access costs nothing in itself. Items count where people did buy them early; who would have bought "
            "even earlier is not predicted.",
        )


def _sold_early(past: BacktestHistory[EarlyAccessSettings]) -> Iterator[BacktestGrant]:
    """Each item once, however many benefits opened it."""
    for bought in past.purchases:
        for piece in bought.pieces:
            held = (one for one in past.held(bought.plans) if _is_early(piece, one.settings, bought.at))
            for one in islice(held, 1):
                yield BacktestGrant(bought.person, one.plan, one.benefit, bought.at, count=piece.quantity)


def _is_early(piece: PastPiece, terms: EarlyAccessSettings, at: datetime) -> bool:
    opens = piece.opens_at
    is_in_time = opens is not None and opens - timedelta(hours=terms.hours) <= at < opens
    return is_in_time and terms.covered.scope.covers(piece.variant)


KIND = EarlyAccess()
