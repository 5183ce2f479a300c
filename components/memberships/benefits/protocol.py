"""What a kind of benefit defines: fields for staff, words for members, and what it adds to a person's entitlements."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

import msgspec

from components.catalog.scopes import Scope
from components.catalog.visibility import HeadStart
from components.foundation import json
from components.foundation.refusals import Refusal
from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.events import DayStarted, Holding, PeriodPaid, Purchase, PurchaseRefunded
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.rules import PriceRule

S = TypeVar("S", bound=msgspec.Struct)

FieldKind = Literal[
    "percent", "amount", "whole", "choice", "collections", "products", "variants", "deliveries", "words"
]


@dataclass(frozen=True, slots=True)
class BenefitField:
    """One question to staff. Percentages are answered in basis points, amounts in minor units."""

    name: str
    label: str
    kind: FieldKind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_needed: bool = True


class SettingRefused(Refusal):
    """A setting makes no sense; `field` is the question it answers."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class BenefitEffects:
    """What one benefit adds to a person's standing."""

    price_rules: tuple[PriceRule, ...] = ()
    head_starts: tuple[HeadStart, ...] = ()
    members_only: tuple[Scope, ...] = ()
    deliveries: tuple[DeliveryBenefit, ...] = ()
    opens_content: bool = False


@dataclass(frozen=True, slots=True)
class Illustration:
    """One example for the staff's preview: what it would be without the benefit, and with it."""

    title: str
    before: str
    after: str
    why: str


class Kind(ABC, Generic[S]):
    """Subclass it in a folder of its own and offer one instance as `KIND`.

    What it adds to a standing is its `share`. What it does when something happens are the verbs below: each is called
    after the fact, possibly twice or late, has to be idempotent, and does nothing unless a kind overrides it.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str]
    fields: ClassVar[tuple[BenefitField, ...]]
    settings_type: type[S]
    follows_days: ClassVar[bool] = False
    """Whether `day_came` is called for everyone who holds it."""
    only_the_best: ClassVar[bool] = False
    """Whether only the best of several in one plan counts, so that including two of them is refused."""

    @abstractmethod
    def read(self, answers: Mapping[str, Any]) -> S:
        """Settings from the answers to `fields`. Raises `SettingRefused` at the field."""

    @abstractmethod
    def answers(self, settings: S) -> dict[str, Any]:
        """The reverse: what the form shows when the benefit is edited."""

    @abstractmethod
    def words(self, settings: S) -> str:
        """What members read: exactly what they get, with its conditions."""

    def share(self, settings: S, *, benefit_id: UUID, name: str) -> BenefitEffects:
        """What it adds to the standing of whoever holds it; nothing, for a kind that only acts."""
        return BenefitEffects()

    def illustrations(self, settings: S) -> tuple[Illustration, ...]:
        """Examples for the preview, where prices, access and delivery show nothing."""
        return ()

    def replayed(self, past: BacktestHistory[S]) -> BacktestOutcome | None:
        """What it would have given in the past, under the rules of this past. Pure: the same past, the same answer.
        None for a kind that gives nothing but its share: prices and deliveries are calculated without it."""
        return None

    async def joined(self, held: Holding[S]) -> None:
        """Somebody began to hold it with their membership."""

    async def period_paid(self, held: Holding[S], paid: PeriodPaid) -> None:
        """A period of the subscription it is held because of was paid."""

    async def bought(self, held: tuple[Holding[S], ...], purchase: Purchase) -> None:
        """Somebody who held it, possibly through several benefits of this kind, has paid an order."""

    async def given_back(self, given: PurchaseRefunded) -> None:
        """An order was refunded: reverse what this kind gave for it, whoever holds what by now."""

    async def day_came(self, held: Holding[S], day: DayStarted) -> None:
        """A new day began, for everyone who holds it. Only called for kinds that follow days."""

    def load(self, text: str) -> S:
        return json.load_as(self.settings_type, text)

    def dump(self, settings: S) -> str:
        return json.dump(settings)
