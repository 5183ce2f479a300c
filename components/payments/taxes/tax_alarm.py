"""What the shop has to mend before Stripe Tax answers: an account that is not set up, a tax code that is not known.

Waiting does not help, so staff are told at once. Each trouble ends with the first answer that could not be had with it,
or a day after the last refusal.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from components.foundation import clock, database
from components.foundation.database import Query
from components.payments import stripe_connection
from components.payments.payment_refusals import PaymentRefused
from components.payments.taxes.tables import TaxTrouble
from components.payments.taxes.tax_values import TaxQuestion

LASTS = timedelta(days=1)
ACCOUNT, ANSWERS, ACCOUNT_INACTIVE = "account", "answers", "stripe_tax_inactive"
NOT_WHOLE = "tax_answer_not_whole"
MISCOUNTED = "Stripe’s answer for a basket did not come to its own total, and nothing is sold by such an answer."
_OF_A_LINE = re.compile(r"line_items\[(\d+)\]\[tax_code\]")


@dataclass(frozen=True)
class TaxAlarm:
    """`code` is the tax code that Stripe does not take; "" when it refuses everything."""

    code: str
    since: datetime
    detail: str


async def raised(refusal: PaymentRefused, question: TaxQuestion) -> None:
    """Not inside a transaction, which would take it back."""
    stripes = f"Stripe says: {(refusal.detail or str(refusal))[:300].rstrip('.')}."
    subject, words = _subject(refusal, question), MISCOUNTED if refusal.code == NOT_WHOLE else stripes
    await database.execute(_RECORD, subject, stripe_connection.mode(), words, clock.now())


_RECORD = """
INSERT INTO tax_trouble (subject, mode, detail, since, last_at) VALUES ($1, $2, $3, $4::timestamptz, $4)
ON CONFLICT (subject) DO UPDATE SET mode = $2, detail = $3, last_at = $4, since = CASE
  WHEN tax_trouble.mode = $2 AND tax_trouble.last_at > $4::timestamptz - interval '1 day'
  THEN tax_trouble.since ELSE $4 END
"""


async def answered(question: TaxQuestion) -> None:
    """The account answers, and takes these codes."""
    codes = {line.code for line in question.lines} | ({question.delivery_code} if question.delivery else set())
    await _end([ACCOUNT, ANSWERS, *sorted(codes)])


async def is_active() -> None:
    """The account is set up."""
    await _end([ACCOUNT])


async def replaced(code: str) -> None:
    """Nothing is asked with this code any more."""
    await _end([code])


async def _end(subjects: list[str]) -> None:
    await TaxTrouble.delete().where(database.any_of(TaxTrouble.subject, subjects))


def query() -> Query[tuple[TaxAlarm, ...]]:
    """Of the present mode, what stops everything first."""
    return Query(_CURRENT, (stripe_connection.mode(), clock.now() - LASTS, [ACCOUNT, ANSWERS]), _read)


_CURRENT = """
SELECT json_agg(json_build_object('subject', subject, 'since', since, 'detail', detail)
  ORDER BY subject <> ALL($3), subject) FROM tax_trouble WHERE mode = $1 AND last_at > $2
"""


def _read(found: Any) -> tuple[TaxAlarm, ...]:
    return tuple(TaxAlarm(_code(one), datetime.fromisoformat(one["since"]), one["detail"]) for one in found or ())


def _code(row: dict[str, str]) -> str:
    return "" if row["subject"] in (ACCOUNT, ANSWERS) else row["subject"]


async def current() -> tuple[TaxAlarm, ...]:
    (found,) = await database.batch(query())
    return found  # type: ignore[no-any-return]


def _subject(refusal: PaymentRefused, question: TaxQuestion) -> str:
    if refusal.code == ACCOUNT_INACTIVE:
        return ACCOUNT
    if refusal.param == "shipping_cost[tax_code]":
        return question.delivery_code
    line = _OF_A_LINE.fullmatch(refusal.param)
    return question.lines[int(line[1])].code if line and int(line[1]) < len(question.lines) else ANSWERS
