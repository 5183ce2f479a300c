from dataclasses import dataclass
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class BuyerCorrected(Fact):
    """An invoice was issued again with another buyer, and the customer is to be told. `invoice_id`: the new one."""

    invoice_id: UUID
