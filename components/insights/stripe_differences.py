"""All rules that hold of the shop and Stripe together, and the scheduled comparison by them."""

from components.memberships.billing.billing_differences import BILLING_RULES
from components.orders.payment_differences import ORDER_RULES
from components.payments.differences import comparison
from components.payments.differences.money_rules import MONEY_RULES
from components.payments.differences.reference_rules import REFERENCE_RULES
from components.payments.differences.subscription_rules import SUBSCRIPTION_RULES

RULES = (*SUBSCRIPTION_RULES, *MONEY_RULES, *REFERENCE_RULES, *BILLING_RULES, *ORDER_RULES)


async def compare() -> None:
    """Scheduled, and when staff ask for it."""
    await comparison.run(RULES)
