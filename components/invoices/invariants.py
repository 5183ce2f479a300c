"""What must hold of invoices at every moment, checked by database queries."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.invoices.tables import InvoiceArchive, IssuedInvoice

RULES = (
    Invariant(
        "numbers of invoices have no gaps",
        "Invoice {number}: the number before it in its series was never given",
        """SELECT i.number FROM invoice i WHERE i.id = ANY($1) AND i.serial > 1 AND NOT EXISTS (
             SELECT FROM invoice b WHERE b.series = i.series AND b.serial = i.serial - 1)""",
        each="invoice",
    ),
    Invariant(
        "the counter of a series is at its last invoice",
        "Series {series}: counted to {last}, the last invoice has {given}",
        """SELECT i.series, c.last, i.serial AS given FROM invoice i LEFT JOIN invoice_counter c ON c.series = i.series
           WHERE i.id = ANY($1) AND c.last IS DISTINCT FROM i.serial
             AND NOT EXISTS (SELECT FROM invoice n WHERE n.series = i.series AND n.serial > i.serial)""",
        each="invoice",
    ),
    Invariant(
        "an invoice comes to its lines",
        "Invoice {number}: its lines come to {of_lines} net, the invoice to {net}",
        """SELECT i.number, i.net, l.of_lines FROM invoice i CROSS JOIN LATERAL (
             SELECT coalesce(sum((line ->> 'net')::bigint), 0)::bigint AS of_lines
             FROM jsonb_array_elements(i.document -> 'lines') line) l
           WHERE i.id = ANY($1) AND i.net <> l.of_lines""",
        each="invoice",
    ),
    Invariant(
        "no more is credited than was invoiced",
        "Invoice {number}: {total} invoiced, {credited} credited",
        """SELECT i.number, i.total, c.credited FROM invoice i CROSS JOIN LATERAL (
             SELECT coalesce(-sum(n.total), 0)::bigint AS credited FROM invoice n
             LEFT JOIN invoice m ON m.id = n.corrects
             WHERE n.corrects = i.id OR m.corrects = i.id) c
           WHERE i.id = ANY($1) AND i.kind = 'invoice' AND c.credited > i.total""",
        each="invoice",
    ),
)

REFERENCES = references(
    (IssuedInvoice, InvoiceArchive), [(IssuedInvoice.person, "person"), (InvoiceArchive.by, "person")]
)


async def invariants() -> list[str]:
    """Every invoice that breaks a rule, as a sentence."""
    return await invariant_walks.sentences(RULES)
