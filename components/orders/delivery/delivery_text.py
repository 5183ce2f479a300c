"""The name of a delivery method inside a text, whatever the shop has called it."""

from components.foundation.languages.words import _, p_


def delivery(method: str) -> str:
    """ "Delivery: Express", but "Standard delivery" as it is."""
    if not method:
        return _("Delivery")
    return method if _says_it(method) else _("Delivery: %(method)s", method=method)


def delivery_in_a_sentence(method: str) -> str:
    """ "Express delivery", "Standard delivery"."""
    return method if _says_it(method) else _("%(method)s delivery", method=method)


def _says_it(method: str) -> bool:
    """Whether the name has the word itself: "Standard delivery", "Versand mit der Post"."""
    words = ("delivery", *p_("words in names of methods", "delivery").split())
    return any(word in method.lower() for word in words)
