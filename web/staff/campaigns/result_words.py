"""What came of a campaign, in rows and one sentence that claims no more than the figures do."""

from dataclasses import dataclass

from components.campaigns.campaign_results import DAYS, CampaignSide, Results
from components.campaigns.difference_intervals import FEWEST, Interval
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings


@dataclass(frozen=True, slots=True)
class ResultRow:
    label: str
    written: str
    held_out: str
    difference: str


def rows(found: Results) -> tuple[ResultRow, ...]:
    return (
        *_usual(found),
        *_staying(found),
    )


def _usual(found: Results) -> tuple[ResultRow, ...]:
    ours, theirs = found.written, found.held_out
    return (
        ResultRow("People", f"{ours.people:,}", f"{theirs.people:,}", ""),
        ResultRow("Ordered", _share(ours.buyers, ours), _share(theirs.buyers, theirs), _points(found.buying)),
        ResultRow("Orders", f"{ours.orders:,}", f"{theirs.orders:,}", ""),
        ResultRow("Value of orders", _sum(ours.value), _sum(theirs.value), ""),
        ResultRow("Value for each person", _each(ours), _each(theirs), _amount(found.worth)),
        ResultRow("Joined", _share(ours.joined, ours), _share(theirs.joined, theirs), _points(found.joining)),
    )


def _staying(found: Results) -> tuple[ResultRow, ...]:
    """Nothing where nobody was a member, or had cancelled."""
    ours, theirs = found.written, found.held_out
    shown = list[ResultRow]()
    if ours.members or theirs.members:
        shown.append(ResultRow(
            "Still members, of those who were", _part(ours.stayed, ours.members), _part(theirs.stayed, theirs.members),
            _points(found.staying),
        ))  # fmt: skip
    if ours.leaving or theirs.leaving:
        shown.append(ResultRow(
            "Took their cancellation back, of those who had cancelled", _part(ours.came_back, ours.leaving),
            _part(theirs.came_back, theirs.leaving), _points(found.coming_back),
        ))  # fmt: skip
    return tuple(shown)


NOBODY_HELD = "Everybody was sent it, so nobody knows what would have been bought anyway."
NOBODY_HELD_YET = "Nobody is held back so far, so nobody knows what would have been bought anyway."


def sentence(found: Results, *, nobody_held: str = NOBODY_HELD) -> str:
    if not found.held_out.people:
        return nobody_held
    if found.buying is None:
        return f"Too few: a difference needs at least {FEWEST} people on each side."
    so_far = "" if found.is_over else f" So far: {DAYS} days are counted."
    shown = [
        f"{'more' if one.middle > 0 else 'fewer'} people {verb}"
        for one, verb in ((found.buying, "ordered"), (found.joining, "joined"))
        if one and one.is_certain
    ]
    if found.staying and found.staying.is_certain:
        shown.append(f"{'more' if found.staying.middle > 0 else 'fewer'} members stayed")
    if found.coming_back and found.coming_back.is_certain:
        shown.append(f"{'more' if found.coming_back.middle > 0 else 'fewer'} took their cancellation back")
    if found.worth and found.worth.is_certain:
        shown.append(f"they spent {'more' if found.worth.middle > 0 else 'less'} each")
    if not shown:
        return f"No clear difference: what there is may be chance.{so_far}"
    said = " and ".join(shown)
    return f"Compared with the people held back, {said}. Chance alone seldom does that.{so_far}"


def _share(count: int, side: CampaignSide) -> str:
    return f"{count:,} ({100 * count / side.people:.1f}%)" if side.people else "–"


def _part(count: int, of: int) -> str:
    return f"{count:,} of {of:,} ({100 * count / of:.1f}%)" if of else "–"


def _sum(minor: int) -> str:
    return money(Money(minor, shop_settings.current().currency))


def _each(side: CampaignSide) -> str:
    return _sum(round(side.value / side.people)) if side.people else "–"


def _points(found: Interval | None) -> str:
    if found is None:
        return "Too few"
    middle, low, high = (f"{100 * share:+.1f}".replace("-", "−") for share in (found.middle, found.low, found.high))
    return f"{middle} points ({low} to {high})"


def _amount(found: Interval | None) -> str:
    if found is None:
        return "Too few"
    return f"{_signed(found.middle)} ({_signed(found.low)} to {_signed(found.high)})"


def _signed(minor: float) -> str:
    return f"{'+' if minor >= 0 else '−'}{_sum(abs(round(minor)))}"
