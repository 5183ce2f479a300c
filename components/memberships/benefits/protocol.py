"""What a kind of benefit defines: fields for staff, words for members, and what it adds to a person's entitlements."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

import msgspec

from components.foundation import json
from components.foundation.refusals import NotFound, Refusal
from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.effects import Effects
from components.memberships.benefits.events import DayStarted, Holding, PeriodPaid, Purchase, PurchaseRefunded

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
class Illustration:
    """One example for the staff's preview: what it would be without the benefit, and with it."""

    title: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelEntry:
    """What a member's page shows of one benefit they hold, beside what it promises.

    With `claim_label` there is a code of their own behind a button: `code` is empty until they claim it, `note` says
    what to do with it. `uses` are those that count, the newest first.
    """

    benefit_id: UUID
    name: str
    words: str
    claim_label: str = ""
    code: str = ""
    claimed_at: datetime | None = None
    note: str = ""
    uses: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class MonitoredPage:
    """An address that everybody may open, where only holders of the benefit read this passage."""

    path: str
    passage: str


MonitorRule = Literal["products early", "products for members", "articles"]
"""What the access monitor works out by itself from rows: settings with `hours` and `covered`; with `covered`; any."""


class Kind(ABC, Generic[S]):
    """Subclass it in a folder of its own and offer one instance as `KIND`.

    What it changes for whoever holds it are its `effects`. What it does when something happens are the `on_…` methods:
    each is called after the fact, possibly twice or late, has to be idempotent, and does nothing unless a kind
    overrides it.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str]
    name_hint: ClassVar[str]
    """What the name of such a benefit is for, with an example; staff read it in the form."""
    when_removed: ClassVar[str]
    """What becomes of its holders when a plan no longer promises it; staff read it before they do that."""
    fields: ClassVar[tuple[BenefitField, ...]]
    example: ClassVar[Mapping[str, Any]]
    """Answers to `fields` as staff might give them: with these it is tried in the tests that every kind must pass."""
    starters: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Answers by name, for benefits of this kind that a new shop may begin with."""
    settings_type: type[S]
    rank: ClassVar[int] = 3
    """What counts most with a newcomer comes first."""
    use_label: ClassVar[str] = ""
    """The heading over what its uses gave, in reports; empty for a kind whose uses are not money."""
    is_in_prices: ClassVar[bool] = False
    """Whether what its uses gave is already off what order lines were sold for."""
    panel_title: ClassVar[str] = ""
    """The heading over `member_panel`."""
    has_code_pool: ClassVar[bool] = False
    """Whether staff upload codes for it."""
    monitored_as: ClassVar[MonitorRule | None] = None
    """What the access monitor should find open by it; see also `monitored_pages`."""
    acts_daily: ClassVar[bool] = False
    """Whether `on_day_started` is called for everyone who holds it."""
    earns_by_orders: ClassVar[bool] = False
    """Whether what it gives follows from a person's orders alone, so that its backtest tells what theirs had earned."""
    only_best_counts: ClassVar[bool] = False
    """Whether only the best of several in one plan counts, so that including two of them is refused."""
    is_tried: ClassVar[bool] = False
    """Whether an experiment may give some newcomers one more of this kind, or a better one: nothing that everybody
    reads of products or articles depends on who holds it, and nothing is stored for the one benefit, such as codes."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        words = ("key", "title", "hint", "name_hint", "when_removed", "fields", "example", "settings_type")
        if missing := [word for word in words if not hasattr(cls, word)]:
            raise TypeError(f"The kind of benefit {cls.__name__} has no {', '.join(missing)}.")

    @abstractmethod
    def read(self, answers: Mapping[str, Any]) -> S:
        """Settings from the answers to `fields`. Raises `SettingRefused` at the field."""

    @abstractmethod
    def answers(self, settings: S) -> dict[str, Any]:
        """The reverse: what the form shows when the benefit is edited."""

    @abstractmethod
    def words(self, settings: S) -> str:
        """What members read: exactly what they get, with its conditions."""

    def effects(self, settings: S, *, benefit_id: UUID, name: str) -> Effects:
        """What it changes for whoever holds it; nothing, for a kind that only acts. Pure."""
        return ()

    def illustrations(self, settings: S) -> tuple[Illustration, ...]:
        """Examples for the preview, where prices, access and delivery show nothing."""
        return ()

    def backtest(self, past: BacktestHistory[S]) -> BacktestOutcome | None:
        """What it would have given in the past, under the rules of this past. Pure: the same past, the same answer.
        None for a kind that gives nothing but its effects: prices and deliveries are calculated without it."""
        return None

    def is_better(self, one: S, other: S) -> bool:
        """Whether whoever holds `one` has all that `other` gives, and more; False where that can’t be told. Pure."""
        return False

    def yearly_uses(self, settings: S) -> int | None:
        """How many uses staff may mark within twelve months, 0 for any number; None where there is nothing to mark."""
        return None

    @property
    def is_monitored(self) -> bool:
        return self.monitored_as is not None or type(self).monitored_pages is not Kind.monitored_pages

    async def monitored_pages(self, settings: S) -> tuple[MonitoredPage, ...]:
        """Where the access monitor should see that it opens something to its holders and to nobody else."""
        return ()

    async def member_panel(self, held: tuple[Holding[S], ...]) -> tuple[PanelEntry, ...]:
        """What one member sees in their account of the benefits of this kind that they hold."""
        return ()

    async def on_claim(self, held: Holding[S]) -> str:
        """The member presses the button of a `PanelEntry`; the answer is what they read then. Raises `Refusal`."""
        raise NotFound

    async def on_membership_started(self, held: Holding[S]) -> None:
        """Somebody began to hold it with their membership."""

    async def on_period_paid(self, held: Holding[S], paid: PeriodPaid) -> None:
        """A period of the subscription it is held because of was paid."""

    async def on_order_paid(self, held: tuple[Holding[S], ...], purchase: Purchase) -> None:
        """Somebody who held it, possibly through several benefits of this kind, has paid an order."""

    async def on_order_refunded(self, given: PurchaseRefunded) -> None:
        """An order was refunded: reverse what this kind gave for it, whoever holds what by now."""

    async def on_day_started(self, held: Holding[S], day: DayStarted) -> None:
        """A new day began, for everyone who holds it. Only called for kinds that act daily."""

    def load(self, text: str) -> S:
        return json.load_as(self.settings_type, text)

    def dump(self, settings: S) -> str:
        return json.dump(settings)
