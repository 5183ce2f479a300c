"""Who is in no country, in words: memberships that were taken over, of whom no fee was paid here yet."""

from components.foundation import formatting
from components.insights.rollups import payer_countries


async def sentence() -> str:
    """Empty where there is nobody."""
    number = await payer_countries.of_none()
    if not number:
        return ""
    who = "1 person" if number == 1 else f"{formatting.number(number)} people"
    they, have, are = ("a membership", "has", "is") if number == 1 else ("memberships", "have", "are")
    return (
        f"{who} with {they} from another system {have} paid no fee here yet and {are} in no country: the countries do "
        "not add up to everybody, and renewals and retention look better than they were."
    )
