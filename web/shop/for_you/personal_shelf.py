"""A shelf of what is chosen for this visitor, each with its reason. Never part of a page that is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.catalog.early_access import counts
from components.catalog.snapshot import snapshot_refresh
from components.recommendations import choice_reasons, personal_choices, personal_history
from components.recommendations.personal_choices import ChoiceGate, PersonalChoice
from web.shop.products import cards
from web.shop.products.cards import ProductCard
from web.shop.viewer import Viewer
from web.visitor import Visitor

USUAL = 4


@dataclass(frozen=True, slots=True)
class ChosenCard:
    card: ProductCard
    why: str


async def chosen_for(
    visitor: Visitor,
    viewer: Viewer,
    *,
    most: int = USUAL,
    collection: UUID | None = None,
    without: Iterable[UUID] = (),
) -> tuple[ChosenCard, ...]:
    """Nothing for a stranger, and for whoever, or whose shop, switched it off.

    One statement; one more if it could be something of which they may have only so many.
    """
    found = await choices(visitor, viewer, most=most, collection=collection, without=without)
    return shown(found, viewer)


async def choices(
    visitor: Visitor, viewer: Viewer, *, most: int, collection: UUID | None = None, without: Iterable[UUID] = ()
) -> tuple[PersonalChoice, ...]:
    person_id = visitor.person_id
    if person_id is None or not visitor.wants_personal:
        return ()
    history = await personal_history.of_person(person_id, visitor.at, with_visits=visitor.uses_visits)
    if history is None:
        return ()
    gate = ChoiceGate(
        snapshot_refresh.snapshot(), viewer.access, viewer.at, collection=collection, without=frozenset(without)
    )
    if personal_choices.has_limits(gate):
        gate = gate.with_purchases(await counts.for_person(person_id))
    return personal_choices.chosen(history, gate, most=most)


def shown(found: Sequence[PersonalChoice], viewer: Viewer) -> tuple[ChosenCard, ...]:
    return tuple(ChosenCard(cards.card(one.product, viewer), choice_reasons.reason(one)) for one in found)
