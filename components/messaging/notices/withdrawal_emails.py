"""The receipt of a withdrawal: what was typed, and when it was received."""

from components.foundation import text
from components.foundation.languages.words import N_, _
from components.messaging import email_outbox
from components.messaging.tables import Withdrawal

ABOUT = (
    ("order", N_("The items of an order")),
    ("membership", N_("A membership")),
    ("both", N_("An order and the membership joined with it")),
)


async def receipt(made: Withdrawal) -> None:
    await email_outbox.send(
        key=f"withdrawal:{made.id}",
        to=made.email,
        template="withdrawal_receipt",
        subject="We have received your withdrawal",
        fields={
            "name": text.unlinked(made.name),
            "email": made.email,
            "about": about_in_words(made),
            "number": text.unlinked(made.number),
            "items": text.unlinked(made.items),
            "is_order": made.about != "membership",
            "is_membership": made.about != "order",
            "received_at": made.at,
        },
    )


def about_in_words(made: Withdrawal) -> str:
    return _(dict(ABOUT)[made.about])
