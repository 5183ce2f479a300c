"""Claims: what a benefit gives beside prices and money. Gifts, partner codes, and perks that are counted.

Owns who was given what and whether it has been claimed. Leaves who may have it to `memberships`, the basket's line and
its order to `checkout` and `orders`.
"""

from components.claims import codes, gifts, perks
from components.claims.gifts import GiftGone
from components.claims.soundness import invariants

__all__ = ["GiftGone", "codes", "gifts", "invariants", "perks"]
