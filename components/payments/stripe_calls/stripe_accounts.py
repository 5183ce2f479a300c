from dataclasses import dataclass

from components.payments.stripe_connection import call, client


@dataclass(frozen=True)
class AccountDetails:
    """The account that the key belongs to. `country` and `currency` are codes in capitals."""

    id: str
    name: str
    country: str
    currency: str
    can_charge: bool
    can_pay_out: bool


async def own() -> AccountDetails:
    answer = await call(lambda: client().v1.accounts.retrieve_current_async())
    profile = answer.business_profile
    dashboard = answer.settings.dashboard if answer.settings else None
    return AccountDetails(
        id=answer.id,
        name=(profile.name if profile else None) or (dashboard.display_name if dashboard else None) or "",
        country=(answer.country or "").upper(),
        currency=(answer.default_currency or "").upper(),
        can_charge=bool(answer.charges_enabled),
        can_pay_out=bool(answer.payouts_enabled),
    )
