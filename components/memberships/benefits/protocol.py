"""What a kind of benefit has to say for itself: fields for staff, words for members, and what it adds to a standing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

import msgspec

from components.catalog.scopes import Scope
from components.catalog.visibility import HeadStart
from components.foundation import json
from components.foundation.refusals import Refusal
from components.pricing import DeliveryBenefit, PriceRule

S = TypeVar("S", bound=msgspec.Struct)

FieldKind = Literal[
    "percent", "amount", "whole", "choice", "collections", "products", "variants", "deliveries", "words"
]


@dataclass(frozen=True, slots=True)
class Field:
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
class Share:
    """What one benefit adds to a person's standing."""

    price_rules: tuple[PriceRule, ...] = ()
    head_starts: tuple[HeadStart, ...] = ()
    members_only: tuple[Scope, ...] = ()
    deliveries: tuple[DeliveryBenefit, ...] = ()
    opens_content: bool = False


class Kind(Generic[S]):
    """Subclass it in a folder of its own and offer one instance as `KIND`."""

    key: ClassVar[str]
    title: ClassVar[str]
    hint: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    settings_type: type[S]

    def read(self, answers: Mapping[str, Any]) -> S:
        """Settings from the answers to `fields`. Raises `SettingRefused` at the field."""
        raise NotImplementedError

    def answers(self, settings: S) -> dict[str, Any]:
        """The other way round: what the form shows when the benefit is edited."""
        raise NotImplementedError

    def words(self, settings: S) -> str:
        """What members read: exactly what they get, with its conditions."""
        raise NotImplementedError

    def share(self, settings: S, *, benefit_id: UUID, name: str) -> Share:
        raise NotImplementedError

    def load(self, text: str) -> S:
        return json.load_as(self.settings_type, text)

    def dump(self, settings: S) -> str:
        return json.dump(settings)
