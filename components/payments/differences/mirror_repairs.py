"""The commonest repair: read the object again from Stripe and store what it says."""

from components.payments import mirror
from components.payments.differences.difference_rules import Repair
from components.payments.ownership import UnknownLocally

OUTCOMES = {
    "mirrored": "Read again from Stripe: the shop now has what Stripe has.",
    "not ours": "It belongs to nothing in this shop. Nothing was changed.",
    "no longer at Stripe": "Stripe no longer has it. Nothing was changed.",
}


def read_again(kind: str) -> Repair:
    """For objects of this kind, by Stripe's id."""

    async def repair(subject: str) -> str:
        try:
            return OUTCOMES[await mirror.sync_object(kind, subject)]
        except UnknownLocally as unknown:
            return f"It can’t be recorded: {unknown}"

    return repair
