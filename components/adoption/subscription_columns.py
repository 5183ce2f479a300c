"""The columns of files of subscriptions and members, as the exporters of WooCommerce and WordPress call them.

WooCommerce Subscriptions: its Importer and Exporter, and Import Export Suite. Paid Memberships Pro: Members List →
Export to CSV, and the format of its Import Members from CSV.
"""

from components.foundation.sheets import aliased_columns
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_sheets import CsvSheet

WOOCOMMERCE, PMPRO = "woocommerce", "pmpro"
_WOOCOMMERCE = """
Id = subscription id | id
Status = subscription status | status
Email = customer email | billing email; email
First Name = billing first name | first name; customer first name
Last Name = billing last name | last name; customer last name
Started = start date | date created; date paid
Trial End = trial end date | trial end
Next Payment = next payment date | next payment; schedule next payment; upcoming billing date; next billing date
End = end date | end; schedule end; cancelled date
Period = billing period
Interval = billing interval
Total = order total | total; recurring total; subscription total
Currency = order currency | currency
Items = order items | line items; items
Method = payment method
Post Meta = payment method post meta | payment meta
User Meta = payment method user meta
Manual = requires manual renewal | manual renewal
Customer = stripe customer id | meta: stripe customer id; wc stripe customer id
Source = stripe source id | meta: stripe source id; stripe payment method; stripe card id
"""
_PMPRO = """
Id = id | user id; user login; username
Email = email | user email
First Name = firstname | first name
Last Name = lastname | last name
Name = display name
Level = membership | membership level; level; level name
Level Id = membership id | level id
Status = membership status | status
Started = joined | membership startdate; startdate; start date; membership start; registered
End = expires | membership enddate; enddate; end date; membership end; membership expired; expired
Amount = billing amount | membership billing amount; fee; recurring amount
Cycle = cycle number | membership cycle number
Period = cycle period | membership cycle period; term
Next Payment = next payment date | membership next payment date; next payment
Subscription = subscription transaction id | membership subscription transaction id
Gateway = gateway | membership gateway
Customer = pmpro stripe customerid | stripe customer id; pmpro stripe customer id
"""


class NotOfMembers(UnreadableFile):
    message = (
        "This is neither an export of WooCommerce Subscriptions (it has the customer’s e-mail, billing period and next "
        "payment) nor one of Paid Memberships Pro (it has the member’s e-mail and their level)."
    )


KINDS = (
    aliased_columns.kind_by_meaning(WOOCOMMERCE, _WOOCOMMERCE, {"Email"}, {"Period"}, {"Next Payment", "Status"}),
    aliased_columns.kind_by_meaning(PMPRO, _PMPRO, {"Email"}, {"Level", "Level Id"}),
)


def named(sheet: CsvSheet) -> tuple[str, CsvSheet]:
    """Which kind of file it is, and the sheet by the names that its reader knows. Raises `NotOfMembers`."""
    for kind in KINDS:
        found = kind.named(sheet)
        if kind.recognises(found):
            return kind.name, found
    seen = ", ".join(list(sheet.columns)[:5])
    raise NotOfMembers(f"{NotOfMembers.message} Its first columns are: {seen[:120]}.")
