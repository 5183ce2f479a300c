"""Lines of Money in that are of lost disputes: each part names the order, or the fee, gift or term, that was paid."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from components.foundation.shop_settings import shop_settings
from components.insights.accounting import membership_lines, order_lines
from components.insights.accounting.money_lines import MoneyLine
from components.insights.metrics import lost_disputes
from components.insights.metrics.lost_disputes import LostPart
from components.insights.metrics.money_in import Span

KIND = "Lost disputes"


async def of_lost_disputes(span: Span) -> AsyncIterator[MoneyLine]:
    """Negative. The payment reference is the dispute's."""
    for one in await lost_disputes.lost_between(*span):
        if one.plan is None:
            paid = (await order_lines.of_parts({one.subject: one.amount})).get(one.subject, [])
        else:
            fee = (await membership_lines.with_ids([one.subject])).get(one.subject)
            paid = [replace(fee, net=one.amount - one.tax, tax=one.tax)] if fee else []
        for line in _lost(one, paid or [_unknown(one)]):
            yield line


def _lost(one: LostPart, paid: list[MoneyLine]) -> Iterator[MoneyLine]:
    for line in paid:
        yield replace(line, kind=KIND, at=one.at, net=-line.net, tax=-line.tax, reference=one.dispute)


def _unknown(one: LostPart) -> MoneyLine:
    """Of a period that was paid before the shop moved here."""
    return MoneyLine(
        kind=KIND, at=one.at, number="", customer="", country="", tax_name="", rate_bp=None,
        net=one.amount - one.tax, tax=one.tax, currency=shop_settings.current().currency, reference=one.dispute,
    )  # fmt: skip
