"""Where a segment is used: what staff see before they change or archive it. What uses segments adds its function."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.campaigns import campaigns
from components.campaigns.campaign_states import STATES
from components.campaigns.journeys import journeys
from components.campaigns.journeys.journey_states import STATES as JOURNEY_STATES
from components.experiments import experiments
from components.experiments.experiment_states import STATES as EXPERIMENT_STATES
from components.pricing.coupons import queries
from components.recommendations import join_words


@dataclass(frozen=True, slots=True)
class SegmentUse:
    """`stops`: it cannot go on with an archived segment. `is_silent`: it rests until the segment is brought back."""

    what: str
    name: str
    href: str
    stops: bool = False
    is_silent: bool = False


async def _coupons(segment_id: UUID) -> list[SegmentUse]:
    found = await queries.limited_to(segment_id)
    return [SegmentUse("Coupon", one.coupon.code, f"/staff/coupons/{one.id}") for one in found]


async def _campaigns(segment_id: UUID) -> list[SegmentUse]:
    """Those of which it is not fixed yet who gets them: to the others a segment means nothing any more."""
    found = await campaigns.not_fixed(segment_id)
    return [
        SegmentUse(f"Campaign ({STATES[one.state].lower()})", one.name, f"/staff/campaigns/{one.id}", stops=True)
        for one in found
    ]


async def _join_words(segment_id: UUID) -> list[SegmentUse]:
    found = await join_words.of_segment(segment_id)
    return [SegmentUse("Words to join", found.title, f"/staff/join-words/{found.id}", is_silent=True)] if found else []


async def _journeys(segment_id: UUID) -> list[SegmentUse]:
    """Those that have not ended: each of them asks it whenever somebody enters or comes to that step."""
    found = await journeys.asking(segment_id)
    return [
        SegmentUse(f"Journey ({JOURNEY_STATES[one.state].lower()})", one.name, f"/staff/journeys/{one.id}", stops=True)
        for one in found
    ]


async def _experiments(segment_id: UUID) -> list[SegmentUse]:
    """Drafts cannot be started for an archived one; those that run go on with its rules."""
    found = await experiments.not_over(segment_id)
    return [
        SegmentUse(f"Experiment ({EXPERIMENT_STATES[one.state].lower()})", one.name, f"/staff/experiments/{one.id}")
        for one in found
    ]


USES: tuple[Callable[[UUID], Awaitable[list[SegmentUse]]], ...] = (
    _coupons,
    _campaigns,
    _journeys,
    _experiments,
    _join_words,
)


async def uses_of(segment_id: UUID) -> tuple[SegmentUse, ...]:
    return tuple([use for uses in USES for use in await uses(segment_id)])


def once_archived(uses: Sequence[SegmentUse]) -> str:
    """What becomes of them, in words; "" where nothing uses it."""
    kept = " and ".join(
        words for words, of in (("Coupons", "Coupon"), ("experiments", "Experiment"))
        if any(use.what.startswith(of) for use in uses)
    )  # fmt: skip
    goes_on = f"{kept[:1].upper()}{kept[1:]} go on with its rules." if kept else ""
    stopped = (
        "Campaigns that have not begun are not sent to it, and become drafts again when their time comes; one that is "
        "just being addressed is stopped. Journeys that ask it are paused."
    )
    rests = "Its words to join are not said until it is brought back." if any(use.is_silent for use in uses) else ""
    return " ".join(words for words in (goes_on, stopped if any(use.stops for use in uses) else "", rests) if words)
