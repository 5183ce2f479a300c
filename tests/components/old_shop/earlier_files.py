"""Files as the earlier shops export them, and a run of one from start to end."""

import csv
import io
from collections.abc import Mapping, Sequence
from uuid import UUID

from components.product_files.runs import import_job, import_runs, import_steps
from components.product_files.runs.import_steps import Told
from components.product_files.runs.run_kinds import RECORDS

SHOPIFY_CUSTOMERS = """
Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,
Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,
Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags
""".replace("\n", "").split(",")
WOO_CUSTOMERS = """
customer_id,user_login,user_email,first_name,last_name,display_name,role,locale,billing_first_name,billing_last_name,
billing_company,billing_address_1,billing_address_2,billing_city,billing_state,billing_postcode,billing_country,
billing_email,billing_phone,shipping_first_name,shipping_last_name,shipping_address_1,shipping_address_2,
shipping_city,shipping_state,shipping_postcode,shipping_country
""".replace("\n", "").split(",")
SHOPIFY_ORDERS = """
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,
Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,
Lineitem compare at price,Lineitem sku,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing City,
Billing Zip,Billing Province,Billing Country,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,
Shipping Country,Notes,Cancelled at,Refunded Amount,Id,Tags
""".replace("\n", "").split(",")
WOO_ORDERS = """
order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,refunded_total,
order_currency,customer_id,billing_first_name,billing_last_name,billing_email,billing_address_1,billing_postcode,
billing_city,billing_country,line_items
""".replace("\n", "").split(",")


def sheet(header: Sequence[str], *rows: Mapping[str, str], separator: str = ",") -> bytes:
    written = io.StringIO()
    out = csv.DictWriter(written, header, restval="", delimiter=separator)
    out.writeheader()
    out.writerows(rows)
    return written.getvalue().encode()


def without(source: bytes, *columns: str) -> bytes:
    """The file as it is when it has not these columns."""
    rows = list(csv.DictReader(io.StringIO(source.decode())))
    kept = [name for name in rows[0] if name not in columns]
    return sheet(kept, *({name: row[name] for name in kept} for row in rows))


async def checked(source: bytes, by: UUID, *, name: str = "customers.csv") -> UUID:
    run = await import_runs.create(source, name=name, by=by, kinds=RECORDS)
    await import_job.run(str(run))
    return run


async def imported(source: bytes, by: UUID, *, name: str = "customers.csv") -> tuple[UUID, Told]:
    run = await checked(source, by, name=name)
    foreseen = await import_steps.told(run, most=50)
    await import_runs.begin(run)
    await import_job.run(str(run))
    told = await import_steps.told(run, most=50)
    assert (await import_runs.by_id(run)).state == "done"
    assert told == foreseen, "the preview said something else"
    return run, told
