"""The demo accounts a visitor can sign in with, and their introduction on the terminal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock
from components.people import addresses, customer_accounts, operators
from components.people.identity.published_passwords import PASSWORD


@dataclass(frozen=True)
class Role:
    email: str
    name: str
    words: str
    days_ago: int
    operator: str | None = None
    permissions: tuple[str, ...] = ()


CAST = (
    Role("iris@kiln.test", "Iris Thorne", "owner: full access", 748, "owner"),
    Role("sam@kiln.test", "Sam Okafor", "staff: orders only", 600, "staff", ("orders",)),
    Role("maya@kiln.test", "Maya Lindqvist", "member of the Kiln Club, annual", 516),
    Role("theo@kiln.test", "Theo Marsh", "former member", 402),
    Role("noor@kiln.test", "Noor Haddad", "customer, never a member", 233),
)
HOMES = {
    "maya@kiln.test": ("14 Albion Row", "Newcastle upon Tyne", "NE6 1LL"),
    "theo@kiln.test": ("3 Quarry Steps", "Bristol", "BS8 4AA"),
    "noor@kiln.test": ("52 Cardigan Lane", "Leeds", "LS6 1DT"),
}


async def join(today: datetime) -> dict[str, UUID]:
    """Create the demo accounts; returns their ids by e-mail."""
    found = {}
    for role in CAST:
        with clock.frozen(today - timedelta(days=role.days_ago)):
            person = await customer_accounts.sign_up(role.email, name=role.name, password=PASSWORD)
            await customer_accounts.confirm(person.id)
            if role.operator:
                await operators.add(person.id, role.operator, role.permissions)
            if role.email in HOMES:
                street, town, postcode = HOMES[role.email]
                await addresses.add(person.id, name=role.name, line1=street, city=town, postcode=postcode, country="GB")
        found[role.email] = person.id
    return found


def introduction() -> str:
    """The accounts to sign in with, for the terminal."""
    lines = [f"  {role.email:<16} {role.words}" for role in CAST]
    return "\n".join(["Demo accounts (password: kiln-demo):", *lines])
