"""The columns of customers' and orders' files, as Shopify and the usual exporters of WooCommerce call them."""

from components.foundation.sheets import aliased_columns
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_sheets import CsvSheet

_ADDRESS = """
{0}Name = name{1} | {2} full name; name {3}
{0}First Name = first name{1} | first name {3}
{0}Last Name = last name{1} | last name {3}
{0}Company = company{1} | company {3}
{0}Address1 = street{1} | {2} address 1; address 1 {3}; address 1&2 {3}; address line 1 {3}
{0}Address2 = second line of the street{1} | {2} address 2; address 2 {3}; address line 2 {3}
{0}City = town{1} | city {3}
{0}Province = state or province{1} | {2} state; {2} region; state {3}; state name {3}
{0}Province Code = state or province, as a code{1} | {2} state code; state code {3}
{0}Country = country{1} | country {3}; country name {3}; {2} country / region
{0}Country Code = country, as a code{1} | country code {3}
{0}Zip = postcode{1} | {2} postcode; {2} postal code; {2} post code; postcode {3}; zip {3}
{0}Phone = phone{1} | phone {3}
"""
_BILLING = _ADDRESS.format("Billing ", " of the invoice", "billing", "(billing)")
_DELIVERY = _ADDRESS.format("Shipping ", " of the delivery", "shipping", "(shipping)")
_CUSTOMERS = f"""
Email = the e-mail: the key | e-mail; email address; user email; customer email
Full Name = name | name; display name
First Name = first name | user first name
Last Name = last name | user last name
Company = company | default address company
Address1 = street | default address address1; address 1; street
Address2 = second line of the street | default address address2; address 2
City = town | default address city
Province = state or province | state; region; default address province
Province Code = state or province, as a code | default address province code
Country = country | default address country; country / region
Country Code = country, as a code | default address country code
Zip = postcode | default address zip; postcode; postal code
Phone = phone | phone number; mobile
Address Phone = phone of the address | default address phone
Accepts Email Marketing = consent to marketing | accepts marketing; email marketing: status; marketing opt in
Marketing Since = when they consented or refused | email marketing: updated at; consent date; marketing opt in date
Language = language | locale; customer locale; default language
Tags = tags, for staff | tags
Note = note, for staff | notes; customer note; description
{_BILLING}Billing Email = e-mail, if there is no other | email (billing)
{_DELIVERY}"""
_ORDERS = f"""
Number = the order's number: the key | name; order; order number; order #; order number formatted; order name
Email = e-mail of the customer | billing email; email (billing); customer email; e-mail
Created at = date of the order | order date; date; created at; date created; processed at
Paid at = whether it was paid | paid date; date paid
Financial Status = whether it was paid, in words | payment status
Fulfillment Status = whether it was sent, in words | shipping status
Status = state of the order, in words | order status
Cancelled at = whether it was cancelled | canceled at
Currency = currency | order currency
Subtotal = sum of the goods | order subtotal amount; order subtotal; items subtotal
Discount Amount = reduction | discount total; cart discount amount; cart discount; order discount
Shipping = delivery | shipping total; order shipping amount; order shipping; shipping cost
Taxes = tax | tax total; order total tax amount; total tax; order tax
Total = total | order total; order total amount; total amount
Refunded Amount = refunded | order refund amount; refunded total; refund total; total refunded
Lineitem name = name of the goods | item name; product name; product name (main); line item name
Lineitem sku = SKU of the goods | item sku; sku; product sku
Lineitem quantity = how many | item quantity; quantity; quantity (- refund); qty
Lineitem price = price of one | item price; item cost; product current price
Lineitem total = price of the line | item total; order line total; item subtotal; order line subtotal
Line items = all the goods in one cell | line items
{_BILLING}{_DELIVERY}"""
_OF_ORDERS = {"Lineitem name", "Lineitem sku", "Line items", "Financial Status"}
_OF_SUBSCRIPTIONS = frozenset(
    {"subscription id", "subscription status", "billing interval", "billing period", "next payment date"}
    | {"upcoming billing date", "next payment", "next billing date", "schedule next payment", "trial end date"}
)


class SubscriptionsFile(UnreadableFile):
    message = (
        "This is a file of running subscriptions. Import it under Members, Adopt members: there you choose the plans, "
        "and nobody is billed twice."
    )


CUSTOMERS = aliased_columns.kind_by_column(
    "customers",
    _CUSTOMERS,
    {"Email", "Billing Email"},
    {"Full Name", "First Name", "Last Name", "Billing First Name", "Accepts Email Marketing", "Address1", "Country"},
)
_SUMS = {"Total", "Lineitem price", "Lineitem total", "Line items"}
ORDERS = aliased_columns.kind_by_column("orders", _ORDERS, {"Number"}, _SUMS, {*_OF_ORDERS, "Status"})


ALL = (ORDERS, CUSTOMERS)
"""In the order in which they are tried: files of orders name customers too."""


def refuse_subscriptions(sheet: CsvSheet) -> None:
    """Raises `SubscriptionsFile`."""
    if _OF_SUBSCRIPTIONS & {aliased_columns.plain(name) for name in sheet.columns}:
        raise SubscriptionsFile
