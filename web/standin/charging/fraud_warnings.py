"""Early fraud warnings: a card's issuer says that a payment may be fraudulent, before anybody disputes it."""

from typing import Any

from web.standin.state.books import Books, clock_of, private

Json = dict[str, Any]
KIND = "radar.early_fraud_warning"
TYPES = (
    "unauthorized_use_of_card",
    "made_with_stolen_card",
    "made_with_lost_card",
    "made_with_counterfeit_card",
    "card_never_received",
    "fraudulent_card_application",
    "misc",
)


def send(books: Books, charge: Json, *, fraud_type: str) -> Json:
    warning = books.make(
        KIND,
        actionable=_is_actionable(charge),
        charge=charge["id"],
        created=books.now(charge),
        fraud_type=fraud_type,
        payment_intent=charge["payment_intent"],
    )
    private(warning)["clock"] = clock_of(charge)
    books.announce(f"{KIND}.created", warning)
    return warning


def follow(books: Books, charge: Json) -> None:
    """It is of no more use once the payment is disputed, or refunded in full."""
    for warning in list(books.find(KIND, parent=charge["payment_intent"])):
        if warning["charge"] == charge["id"] and warning["actionable"] != _is_actionable(charge):
            warning["actionable"] = _is_actionable(charge)
            books.announce(f"{KIND}.updated", warning, previous={"actionable": not warning["actionable"]})


def _is_actionable(charge: Json) -> bool:
    return not charge["disputed"] and not charge["refunded"]
