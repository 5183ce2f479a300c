"""Money in: what it is made of, memberships by country and tax, and the files of it for the accountant."""

from components.foundation.formatting import money, percent
from components.insights.accounting import country_totals
from components.insights.accounting.country_totals import CountryTotal
from components.insights.metrics import money_in
from components.insights.metrics.figures import DEFINITIONS
from web import countries
from web.staff.reports.figure_pages import Cell, FigurePage, FurtherRows

FILES = {
    "orders": "Orders",
    "memberships": "Fees, gifts and terms",
    "refunds": "Refunds and lost disputes",
    "months": "Each month",
    "countries": "Memberships by country",
}
"""For the accountant: the name of each file in its address, and what is in it."""
_BY_COUNTRY = (
    "Fees, gifts and terms, and refunds of them, by where the payer lived when they were paid and by the rate of tax "
    "that was in them, as a tax return for other countries asks for. Lost disputes are not taken off."
)


async def shown(days: int) -> FigurePage:
    parts = await money_in.parts(days)
    total, tax = sum(one.amount for one in parts), sum(one.tax for one in parts)
    when = "today" if days == 1 else f"last {days} days"
    return FigurePage(
        title=f"Money in, {when}",
        value=money(total),
        definition=DEFINITIONS["money in"],
        formula=f"Sum of the amounts below = {money(total)}, of which {money(tax)} is tax: "
        f"{money(total - tax)} without tax",
        heads=(("Source", False), ("Number", True), ("Amount", True), ("Tax in it", True)),
        rows=tuple(
            (
                Cell(one.name),
                Cell(str(one.count), is_number=True),
                Cell(money(one.amount), is_number=True),
                Cell(money(one.tax), is_number=True),
            )
            for one in parts
        ),
        files=tuple((words, f"/staff/metrics/files/{name}?days={days}") for name, words in FILES.items()),
        further=_by_country(await country_totals.totals(money_in.span_of(days))),
    )


def _by_country(found: tuple[CountryTotal, ...]) -> FurtherRows | None:
    if not found:
        return None
    return FurtherRows(
        title="Memberships by country",
        words=_BY_COUNTRY,
        heads=(
            ("Country", False), ("Source", False), ("Tax", False), ("Number", True), ("Without tax", True),
            ("Tax in it", True), ("Amount", True),
        ),
        rows=tuple(
            (
                Cell(countries.name(one.country) if one.country else "Not known"),
                Cell(one.kind),
                Cell(rate_words(one)),
                Cell(str(one.number), is_number=True),
                Cell(money(one.amount - one.tax), is_number=True),
                Cell(money(one.tax), is_number=True),
                Cell(money(one.amount), is_number=True),
            )
            for one in found
        ),
    )  # fmt: skip


def rate_words(one: CountryTotal) -> str:
    """ "VAT 20%"; "No tax"."""
    if one.rate_bp is None:
        return "Rate not known"
    return f"{one.tax_name} {percent(one.rate_bp)}" if one.rate_bp else "No tax"
