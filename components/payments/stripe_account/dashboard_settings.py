"""Settings of Stripe's dashboard that matter to the shop and that no program can read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DashboardSetting:
    """Where it is, what the shop expects, and what happens otherwise."""

    name: str
    where: str
    expects: str
    otherwise: str


DASHBOARD_SETTINGS = (
    DashboardSetting(
        "Retries of failed renewals",
        "Billing › Revenue recovery › Retries",
        "Smart Retries within two weeks",
        "the shop’s grace period ends before the last retry: the member has no benefits while Stripe still retries",
    ),
    DashboardSetting(
        "When all retries have failed",
        "Billing › Revenue recovery › Retries › Subscription status",
        "cancel the subscription",
        "the membership stays owing money, without benefits, until somebody pays or cancels",
    ),
    DashboardSetting(
        "E-mails to customers about subscriptions",
        "Billing › Revenue recovery › Emails, and Settings › Customer emails",
        "all off: renewals, trials, failed payments, expiring cards, receipts, refunds",
        "people are written to twice: the shop sends its own",
    ),
    DashboardSetting(
        "Payment methods",
        "Settings › Payments › Payment methods",
        "cards, and wallets that charge at once; bank debits only if you accept waiting for the money",
        "a bank debit takes days: goods ship and benefits begin when it has arrived, not before",
    ),
    DashboardSetting(
        "Adaptive Pricing",
        "Settings › Payments › Checkout › Adaptive Pricing",
        "off",
        "shoppers pay in another currency than the shop’s, and every such payment is listed as a mismatch",
    ),
    DashboardSetting(
        "Tax",
        "Tax › Settings",
        "no automatic tax on Checkout or invoices: the shop’s prices contain it",
        "tax is added to what the shop has shown, and the payment is listed as a mismatch",
    ),
)
