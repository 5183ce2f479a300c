"""What must hold of gifts, codes and perks: whom and what they belong to.

What must hold between gifts and their orders is in `insights.reward_invariants`. That a pool gives each person one code
is held by the database itself.
"""

from components.foundation.consistency.invariant_rules import references
from components.rewards.tables import Gift, PartnerCode, PerkUse

REFERENCES = references(
    (Gift, PartnerCode, PerkUse),
    [
        (Gift.person, "person"), (Gift.benefit, "benefit"), (Gift.order_id, "orders"), (Gift.chosen, "variant"),
        (PartnerCode.benefit, "benefit"), (PartnerCode.person, "person"),
        (PerkUse.person, "person"), (PerkUse.benefit, "benefit"), (PerkUse.by, "person"),
    ],
)  # fmt: skip
