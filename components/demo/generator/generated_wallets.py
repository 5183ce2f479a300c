"""Somebody's cashback over time, as postings: earned, available, spent and expired. The database adds them up."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.seasonal_calendar import A_DAY, at_instant
from components.ledger.ledger_accounts import CASHBACK, CASHBACK_GIVEN, EXPIRED, OF_PERSON, PENDING, RESERVED, SPENT

Sides = list[tuple[str, int, UUID]]


@dataclass(slots=True)
class GeneratedLot:
    id: UUID
    order: UUID
    words: str
    due: int
    expires: int
    pending: int = 0
    left: int = 0


@dataclass(slots=True)
class GeneratedWallet:
    """One person's accounts; those of the shop itself are shared. `earned` counts by calendar year."""

    person: UUID
    accounts: dict[str, UUID]
    lots: list[GeneratedLot] = field(default_factory=list)
    earned: dict[int, int] = field(default_factory=lambda: defaultdict(int))


class WalletRows:
    """Writes the ledger's rows into the blocks. `turn` is that of the last posting."""

    def __init__(
        self, blocks: CopiedBlocks, ids: RowIds, *, currency: str, now: int, shops: dict[str, UUID], turn: int
    ) -> None:
        self.blocks, self.ids, self.currency, self.now = blocks, ids, currency, now
        self.shops, self.turn = shops, turn

    def open(self, person: UUID, at: int) -> GeneratedWallet:
        accounts = {kind: self.ids.at(at) for kind in sorted(OF_PERSON)}
        for kind, account in accounts.items():
            self.blocks.add("ledger_account", id=account, person=person, kind=kind, currency=self.currency)
        return GeneratedWallet(person, accounts)

    def earn(
        self, wallet: GeneratedWallet, amount: int, *, at: int, due: int, days: int, words: str, order: UUID,
        benefit: UUID, cap: int,
    ) -> GeneratedLot | None:  # fmt: skip
        """Within what may be earned in a calendar year."""
        year = at_instant(at).year
        amount = min(amount, cap - wallet.earned[year]) if cap else amount
        if amount <= 0:
            return None
        wallet.earned[year] += amount
        lot = GeneratedLot(self.ids.at(at), order, words, due, due + days * A_DAY, pending=amount)
        self.blocks.add(
            "ledger_lot", id=lot.id, person=wallet.person, kind=CASHBACK, benefit=benefit, order_id=order, words=words,
            amount=amount, given_at=at_instant(at), due_at=at_instant(due), expires_at=at_instant(lot.expires),
        )  # fmt: skip
        wallet.lots.append(lot)
        sides = [(CASHBACK_GIVEN, -amount, lot.id), (PENDING, amount, lot.id)]
        self._post(wallet, f"cashback:{order}", "earned", words, at, sides, order)
        return lot

    def take_back(self, wallet: GeneratedWallet, lot: GeneratedLot, amount: int, at: int, words: str) -> None:
        """While it is pending: the order is given back within its return period."""
        if amount > 0:
            lot.pending -= amount
            sides = [(PENDING, -amount, lot.id), (CASHBACK_GIVEN, amount, lot.id)]
            self._post(wallet, f"cashback-back:{lot.order}:1", "reversed", words, at, sides, lot.order)

    def settle(self, wallet: GeneratedWallet, until: int) -> None:
        """What has become available or has expired by then."""
        for lot in wallet.lots:
            if lot.pending and lot.due <= until:
                sides = [(PENDING, -lot.pending, lot.id), (CASHBACK, lot.pending, lot.id)]
                self._post(wallet, f"ripe:{lot.id}", "available", lot.words, lot.due, sides, lot.order)
                lot.left, lot.pending = lot.pending, 0
            if lot.left and lot.expires <= until:
                sides = [(CASHBACK, -lot.left, lot.id), (EXPIRED, lot.left, lot.id)]
                self._post(wallet, f"expired:{lot.id}:1", "expired", lot.words, lot.expires, sides, lot.order)
                lot.left = 0
        wallet.lots = [lot for lot in wallet.lots if lot.pending or lot.left]

    def spend(self, wallet: GeneratedWallet, order: UUID, amount: int, *, placed: int, paid: int, words: str) -> None:
        """Soonest to expire first: reserved for the order, and spent when it is paid."""
        taken, missing = Sides(), amount
        for lot in sorted(wallet.lots, key=lambda one: one.expires):
            part = min(lot.left, missing)
            if part:
                lot.left, missing = lot.left - part, missing - part
                taken.append((CASHBACK, -part, lot.id))
        held = [(RESERVED, -part, lot) for _, part, lot in taken]
        self._post(wallet, f"reserved:{order}:1", "reserved", words, placed, [*taken, *held], order)
        sides = [(kind, sign * -part, lot) for _, part, lot in taken for kind, sign in ((RESERVED, -1), (SPENT, 1))]
        self._post(wallet, f"spent:{order}", "spent", words, paid, sides, order)

    def _post(
        self, wallet: GeneratedWallet, cause: str, kind: str, words: str, at: int, sides: Sides, order: UUID
    ) -> None:
        posting, moment = self.ids.at(at), at_instant(at)
        self.turn += 1
        self._add(posting, cause, kind, wallet.person, order, words, moment)
        for account, amount, lot in sorted(sides, key=lambda side: side[1]):
            of = wallet.accounts.get(account) or self.shops[account]
            self.blocks.add("ledger_entry", id=self.ids.at(at), posting=posting, account=of, lot=lot, amount=amount)

    def _add(
        self, posting: UUID, cause: str, kind: str, person: UUID, order: UUID, words: str, moment: datetime
    ) -> None:
        self.blocks.add(
            "ledger_posting", id=posting, cause=cause, kind=kind, person=person, because_of=order, words=words,
            at=moment, turn=self.turn,
        )  # fmt: skip


def spendable(wallet: GeneratedWallet | None) -> int:
    return sum(lot.left for lot in wallet.lots) if wallet else 0
