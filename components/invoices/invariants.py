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
    Invariant(
        "an invoice with another buyer has one credit note and one follower, over the same sums",
        "Invoice {number}: {credits} credit notes and {followers} invoices for another buyer, differing by {off}",
        """SELECT i.number, f.followers, f.credits, f.off FROM invoice i CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE n.replaces = i.id) AS followers,
               count(*) FILTER (WHERE n.cause = 'buyer-credit:' || i.id) AS credits,
               coalesce(sum(abs(n.total - i.total) + abs(n.tax - i.tax)) FILTER (WHERE n.replaces = i.id), 0)::bigint
               + coalesce(sum(abs(n.total + i.total) + abs(n.tax + i.tax))
                   FILTER (WHERE n.cause = 'buyer-credit:' || i.id), 0)::bigint AS off
             FROM invoice n WHERE n.replaces = i.id OR n.corrects = i.id) f
           WHERE i.id = ANY($1) AND f.followers + f.credits > 0
             AND (f.followers <> 1 OR f.credits <> 1 OR f.off <> 0)""",
        each="invoice",
    ),
)

REFERENCES = references(
    (IssuedInvoice, InvoiceArchive), [(IssuedInvoice.person, "person"), (InvoiceArchive.by, "person")]
)


async def invariants() -> list[str]:
    """Every invoice that breaks a rule, as a sentence."""
    return await invariant_walks.sentences(RULES)
