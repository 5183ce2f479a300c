"""What is chosen for somebody from what is known of them, each with its reason. Pure.

Only what they may see and buy now, by the same rule as lists: `visibility`, and a unit that is there for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice, zip_longest
from uuid import UUID

from components.catalog import visibility
from components.catalog.early_access.counts import EarlyCounts
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import CollectionView, ProductView, VariantView
from components.catalog.visibility import Access
from components.recommendations.personal_history import Bought, PersonalHistory

MOST = 12
MOST_LOOKED_THROUGH = 200
"""So many new products of the shop are looked at for one person."""


class ChoiceKind(StrEnum):
    EARLY = "early"
    BOUGHT = "bought"
    NEW = "new"
    LOOKED = "looked"


@dataclass(frozen=True, slots=True)
class PersonalChoice:
    """`about` is the product they bought, or the collection they buy from; `at` when: they bought, looked, visited or
    ordered, or until when it is theirs alone. `since_visit`: what is new is so since a visit, not an order."""

    product: ProductView
    kind: ChoiceKind
    about: str = ""
    at: datetime | None = None
    since_visit: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGate:
    """Whom it is chosen for, and when. `had` is what they bought early already; `collection` limits it to one."""

    snapshot: Snapshot
    access: Access
    at: datetime
    had: EarlyCounts = EarlyCounts.NONE
    collection: UUID | None = None
    without: frozenset[UUID] = frozenset()

    def lets(self, product: ProductView | None) -> bool:
        """Whether they may see it and buy it now, and there is one for them."""
        if product is None or product.id in self.without:
            return False
        if self.collection is not None and self.collection not in product.collection_ids:
            return False
        seen = visibility.product_availability(product, self.access, self.at)
        if not (seen.is_visible and seen.is_buyable):
            return False
        if seen.is_early and seen.most is not None and self.had.of(product.id) >= seen.most:
            return False
        return any(self._has(product, variant) for variant in product.variants)

    def with_purchases(self, had: EarlyCounts) -> "ChoiceGate":
        return replace(self, had=had)

    def _has(self, product: ProductView, variant: VariantView) -> bool:
        seen = visibility.availability_of(product, variant, self.access, self.at)
        return seen.is_buyable and visibility.available(variant, seen) != 0


def has_limits(gate: ChoiceGate) -> bool:
    """Whether there is anything that they may have only so many of: then what they `had` must be known."""
    return any(head.most is not None for head in gate.access.head_starts)


def chosen(history: PersonalHistory, gate: ChoiceGate, *, most: int) -> tuple[PersonalChoice, ...]:
    """By turns of each kind, each product once; nothing that they have bought in the last two years."""
    kinds = (_early(gate), _goes_with(history, gate), _new(history, gate), _looked(history, gate))
    turns = (one for round_ in zip_longest(*kinds) for one in round_ if one is not None)
    return tuple(islice(_once(turns, history.had), most))


def together(others: Iterable[UUID], gate: ChoiceGate, *, most: int) -> tuple[ProductView, ...]:
    """What is often bought together with something, of what this visitor may see and buy."""
    found = (gate.snapshot.product_by_id(id) for id in others)
    return tuple(islice((one for one in found if one is not None and gate.lets(one)), most))


def newest(gate: ChoiceGate, *, most: int) -> tuple[ProductView, ...]:
    """The newest products that may be seen and bought."""
    return tuple(islice((one for one in _newest(gate.snapshot) if gate.lets(one)), most))


def _once(choices: Iterable[PersonalChoice], had: frozenset[UUID]) -> Iterator[PersonalChoice]:
    taken = set(had)
    for one in choices:
        if one.product.id not in taken:
            taken.add(one.product.id)
            yield one


def _early(gate: ChoiceGate) -> Iterator[PersonalChoice]:
    """What is theirs before everybody else's."""
    if not gate.access.head_starts:
        return
    for product in _newest(gate.snapshot):
        if visibility.is_before_everybody(product, gate.at) and gate.lets(product):
            yield PersonalChoice(product, ChoiceKind.EARLY, at=product.public_from)


def _goes_with(history: PersonalHistory, gate: ChoiceGate) -> Iterator[PersonalChoice]:
    """The best of each purchase in turn, the latest first."""
    for round_ in zip_longest(*(_of(bought, gate) for bought in history.bought)):
        yield from (one for one in round_ if one is not None)


def _of(bought: Bought, gate: ChoiceGate) -> Iterator[PersonalChoice]:
    for id in bought.goes_with:
        product = gate.snapshot.product_by_id(id)
        if product is not None and gate.lets(product):
            yield PersonalChoice(product, ChoiceKind.BOUGHT, about=bought.title, at=bought.at)


def _new(history: PersonalHistory, gate: ChoiceGate) -> Iterator[PersonalChoice]:
    """What came since their last visit, or else their last order, in a collection they buy from."""
    since = history.visited_at or history.ordered_at
    homes = {home.id: home for home in _homes(history, gate.snapshot)}
    if since is None or not homes:
        return
    for product in _newest(gate.snapshot):
        began = product.public_from or product.created_at
        home = next((homes[id] for id in homes if id in product.collection_ids), None)
        if home is not None and since < began <= gate.at and gate.lets(product):
            yield PersonalChoice(product, ChoiceKind.NEW, home.title, since, since_visit=bool(history.visited_at))


def _homes(history: PersonalHistory, snapshot: Snapshot) -> list[CollectionView]:
    bought = [snapshot.product_by_id(one.product) for one in history.bought]
    ids = {id for one in bought if one is not None for id in one.collection_ids}
    return [one for one in snapshot.collections if one.is_listed and one.id in ids]


def _looked(history: PersonalHistory, gate: ChoiceGate) -> Iterator[PersonalChoice]:
    for one in history.looked:
        product = gate.snapshot.product(one.slug)
        if product is not None and gate.lets(product):
            yield PersonalChoice(product, ChoiceKind.LOOKED, at=one.at)


def _newest(snapshot: Snapshot) -> Iterator[ProductView]:
    for id in islice(snapshot.shelf(None, "new"), MOST_LOOKED_THROUGH):
        if (product := snapshot.product_by_id(id)) is not None:
            yield product
