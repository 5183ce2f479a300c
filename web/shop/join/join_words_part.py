"""What the page to join says to this visitor in particular: words of a segment, and each plan by their own orders."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from components.content import markdown
from components.recommendations import join_words
from web.shop.join.membership_estimate import Estimate
from web.shop.join.plan_cards import PlanCard
from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class JoinWordsPart:
    title: str
    text: Markup


async def words_for(visitor: Visitor) -> JoinWordsPart | None:
    """Of the first segment that fits; nothing for a stranger, or where it is switched off."""
    found = await join_words.for_person(visitor.person_id, visitor.at) if visitor.wants_personal else None
    return JoinWordsPart(found.title, Markup(markdown.html(found.text))) if found else None


def with_years(cards: tuple[PlanCard, ...], found: Estimate | None) -> tuple[PlanCard, ...]:
    return cards if found is None else tuple(_with_year(one, found) for one in cards)


def _with_year(card: PlanCard, found: Estimate) -> PlanCard:
    """With what their own last twelve months say of the plan. A plan that is recommended for them is not called the
    best value as well."""
    is_recommended = card.slug == found.recommended and not card.is_held
    is_advised = card.is_advised and not found.recommended
    return replace(card, is_recommended=is_recommended, is_advised=is_advised, year=found.years.get(card.slug, ""))
