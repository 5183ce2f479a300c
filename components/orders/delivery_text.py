"""The name of a delivery method inside a text, whatever the shop has called it."""


def delivery(method: str) -> str:
    """ "Delivery: Express", but "Standard delivery" as it is."""
    if not method:
        return "Delivery"
    return method if "delivery" in method.lower() else f"Delivery: {method}"


def delivery_in_a_sentence(method: str) -> str:
    """ "Express delivery", "Standard delivery"."""
    return method if "delivery" in method.lower() else f"{method} delivery"
