"""How large a generated shop is asked to be."""

from dataclasses import dataclass

MOST_MEMBERS, MOST_ORDERS, MOST_YEARS = 1_000_000, 10_000_000, 20
ORDERS_EACH, YEARS, SEED = 10, 5, 1
"""Where only some of it is said."""


@dataclass(frozen=True)
class ShopSize:
    """So many people who are or were members, and so many orders of everybody, in so many years until today.

    The same `seed` gives the same people, memberships and orders, counted from the day it is filled.
    """

    members: int
    orders: int
    years: int = YEARS
    seed: int = SEED

    @property
    def others(self) -> int:
        """People who only buy."""
        return self.members // 4 + self.orders // 8

    @property
    def words(self) -> str:
        return f"{self.members:,} members and {self.orders:,} orders in {self.years} years, seed {self.seed}"


def asked(members: int | None, orders: int | None, years: int | None, seed: int | None) -> ShopSize | None:
    """None where nothing is said: the demo as it always is."""
    if members is orders is years is seed is None:
        return None
    members = members if members is not None else max(1, (orders or 10_000) // ORDERS_EACH)
    orders = orders if orders is not None else members * ORDERS_EACH
    return ShopSize(members, orders, YEARS if years is None else years, SEED if seed is None else seed)
