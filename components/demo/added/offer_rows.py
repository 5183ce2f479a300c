"""Which save offers a generated member saw when they were about to cancel, and which they took, as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_agreements import REASONS, DrawnAgreement
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.seasonal_calendar import A_DAY, at_instant

TAKES_BACK, LATER = 0.12, 9 * A_DAY
"""Of those who stayed, how many had cancelled once and took it back; and how long after a period began that was."""


@dataclass(frozen=True, slots=True)
class SeenOffers:
    """A look at the page on which memberships are cancelled; `taken` is the kind of the offer that they took."""

    at: int
    taken: str = ""


class OfferRows:
    """Writes them into the blocks. Nothing is drawn from the history's own chance: the rest of it stays as it is."""

    def __init__(self, base: GeneratedBase, blocks: CopiedBlocks) -> None:
        self.base, self.blocks = base, blocks

    def write(self, subscription: UUID, payer: UUID, drawn: DrawnAgreement) -> None:
        if not self.base.offers:
            return
        ids = RowIds(subscription.int)
        taken_back = list(self._taken_back(Random(subscription.int), drawn))
        for at, reason in taken_back:
            self.blocks.add(
                "cancel_attempt", id=ids.at(at), subscription=subscription, person=payer, reason=reason,
                at=at_instant(at), withdrawn_at=at_instant(at + A_DAY),
            )  # fmt: skip
        looks = [SeenOffers(at) for at, _ in taken_back] + list(_looks(drawn))
        self._shown(subscription, payer, sorted(looks, key=lambda look: look.at), ids)

    def _taken_back(self, chance: Random, drawn: DrawnAgreement) -> Iterator[tuple[int, str]]:
        since = max(offer.since for offer in self.base.offers)
        could = [period.starts + LATER for period in drawn.periods[:-1] if period.starts > since]
        if could and chance.random() < TAKES_BACK:
            yield chance.choice(could), chance.choice(REASONS)

    def _shown(self, subscription: UUID, payer: UUID, looks: list[SeenOffers], ids: RowIds) -> None:
        """One row for an offer until it is taken, and another when it is seen again after that."""
        for offer in self.base.offers:
            first = last = 0
            for look in looks:
                if look.at < offer.since:
                    continue
                first, last = first or look.at, look.at
                if look.taken == offer.kind:
                    self._row(offer.id, subscription, payer, first, last, ids, is_taken=True)
                    first = 0
            if first:
                self._row(offer.id, subscription, payer, first, last, ids)

    def _row(
        self, offer: UUID, subscription: UUID, payer: UUID, first: int, last: int, ids: RowIds, *,
        is_taken: bool = False,
    ) -> None:  # fmt: skip
        self.blocks.add(
            "save_offer_shown", id=ids.at(first), offer=offer, subscription=subscription, person=payer,
            shown_at=at_instant(first), seen_at=at_instant(last), accepted_at=at_instant(last) if is_taken else None,
        )  # fmt: skip


def _looks(drawn: DrawnAgreement) -> Iterator[SeenOffers]:
    """Before each pause, and before the end; to whoever is still trying it out nothing is offered."""
    for pause in drawn.pauses:
        yield SeenOffers(pause.starts - 3 * A_DAY, "pause")
    if drawn.reason is not None and drawn.period[0] >= (drawn.trial_until or 0):
        yield SeenOffers(drawn.period[0])
