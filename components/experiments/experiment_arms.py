"""An experiment with its arms, as it is kept: the ordinary arm first."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from components.experiments import experiment_checks
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import ids
from components.memberships.keeping_members.offer_terms import OfferTerms

_OF_OFFERS = ("percent_bp", "payments", "every_months", "to_plan")


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment and its arms, the ordinary first."""

    row: Experiment
    arms: tuple[ExperimentArm, ...] = field(default=())

    @property
    def draft(self) -> ExperimentDraft:
        """What staff wrote, to be copied or checked."""
        values = {name: getattr(self.row, name) for name in experiment_checks.COLUMNS}
        arms = tuple(
            ArmDraft(one.name, one.share, one.price, one.words, offer_of(one), one.benefit or None) for one in self.arms
        )
        return ExperimentDraft(**values, arms=arms)


def offer_of(arm: ExperimentArm) -> OfferTerms | None:
    """What an arm offers to who is about to cancel; None is nothing."""
    if not arm.offer_kind:
        return None
    return OfferTerms(arm.offer_kind, arm.percent_bp, arm.payments, arm.every_months, arm.to_plan or None)


async def write(experiment_id: UUID, draft: ExperimentDraft) -> None:
    for position, arm in enumerate(draft.arms):
        await ExperimentArm.insert(
            ExperimentArm(
                id=ids.new(), experiment=experiment_id, position=position, name=arm.name, share=arm.share,
                price=arm.price, words=arm.words, benefit=arm.benefit, **_offer_columns(arm.offer),
            )
        )  # fmt: skip


def _offer_columns(terms: OfferTerms | None) -> dict[str, Any]:
    if terms is None:
        return {}
    return {"offer_kind": terms.kind, **{name: getattr(terms, name) for name in _OF_OFFERS}}
