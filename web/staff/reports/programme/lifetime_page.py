"""CLTV with how it came about."""

from components.foundation import formatting
from components.insights.metrics.figures import DEFINITIONS
from components.insights.programme import lifetime_value
from web.staff.reports.figure_pages import Cell, FigurePage
from web.staff.reports.programme import programme_spans
from web.staff.reports.programme.programme_spans import WholeMonths, amount, share


async def _lifetime(months: WholeMonths) -> lifetime_value.LifetimeValue:
    return await lifetime_value.between(months.from_at, months.until)


def cltv_words(found: lifetime_value.LifetimeValue) -> str:
    return "—" if found.value is None else formatting.money(found.value)


async def cltv() -> FigurePage:
    """Of the members of today, by the orders and benefits of the last twelve whole months."""
    months = programme_spans.whole(12)
    found = await _lifetime(months)
    value = cltv_words(found)
    churn = "—" if found.mean_churn is None else f"{float(found.mean_churn) * 100:.6f}%"
    return FigurePage(
        title=f"CLTV, by orders and benefits of {months.words}",
        value=value,
        definition=DEFINITIONS["CLTV"],
        formula=f"({amount(found.arpu)} ARPU × {share(found.fee_margin)} margin + {amount(found.contribution)} order "
        f"margin − {amount(found.benefit_cost)} benefit cost) ÷ {churn} mean member churn of six months = {value}. "
        "Rounded once, at the end.",
        heads=(("Part", False), ("Sum", True), ("Divided by", True), ("A month", True)),
        rows=tuple((Cell(name), *(Cell(words, is_number=True) for words in parts)) for name, *parts in _parts(found)),
    )


def _parts(found: lifetime_value.LifetimeValue) -> tuple[tuple[str, ...], ...]:
    held = f"{float(found.months):,.1f} months of membership"
    stayed, took = formatting.money(found.stayed), formatting.money(found.took)
    costed = f"Order margin of {found.costed} of {found.lines} items whose cost is known"
    return (
        ("MRR", formatting.money(found.mrr), f"{found.paying} paying members", amount(found.arpu)),
        ("Fees, gifts and terms that stayed", stayed, took, share(found.fee_margin)),
        (costed, formatting.money(found.margin), held, amount(found.contribution)),
        ("Benefit cost", formatting.money(found.benefits), held, amount(found.benefit_cost)),
    )
