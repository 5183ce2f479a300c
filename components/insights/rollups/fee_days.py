"""Membership fees of each day by country and by the taxes in them, as SQL over the relation `ranges` of `day_parts`."""

from components.insights.rollups import day_parts

COLUMNS = "day, country, taxes, number, amount, tax"
PAID = """
SELECT r.day, d.country, d.taxes, d.number, d.amount, d.tax
FROM ranges r CROSS JOIN LATERAL (SELECT tax_country AS country, taxes::text AS taxes, count(*) AS number,
    sum(amount)::bigint AS amount, sum(amount - net_amount)::bigint AS tax
  FROM insights_paid_periods WHERE NOT is_opening AND paid_at >= r.from_at AND paid_at < r.until GROUP BY 1, 2) d"""
READ = day_parts.read_from("FROM figure_fee_day", COLUMNS, PAID)
"""A WITH clause that ends in `found`: see `day_parts.read_from`."""
