"""Orders and refunds of each day by the country they went to, as SQL over the relation `ranges` of `day_parts`."""

from components.insights.rollups import day_parts

COLUMNS = "day, country, source, kind, number, amount"
SOLD = f"""
SELECT r.day, o.country, 'order' AS source, o.kind, o.number, o.amount
FROM ranges r CROSS JOIN LATERAL (
  SELECT o.country, CASE WHEN {day_parts.IS_MEMBERS} THEN 'member' ELSE '' END AS kind, count(*) AS number,
    sum(o.total)::bigint AS amount
  FROM (SELECT * FROM insights_orders WHERE paid_at >= r.from_at AND paid_at < r.until OFFSET 0) o GROUP BY 1, 2) o
UNION ALL SELECT r.day, f.country, 'refund', '', f.number, f.amount
FROM ranges r CROSS JOIN LATERAL (SELECT o.country, count(*) AS number, sum(f.amount)::bigint AS amount
  FROM (SELECT * FROM insights_refunds WHERE status <> 'failed' AND at >= r.from_at AND at < r.until OFFSET 0) f
  JOIN insights_orders o ON o.id = f.order_id GROUP BY 1) f"""
READ = day_parts.read_from("FROM figure_sold_day", COLUMNS, SOLD, "country = $6")
"""A WITH clause that ends in `found`: see `day_parts.read_from`. `$6` is the country, `found` still to be asked for."""
