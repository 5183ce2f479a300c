"""The browser's recognisable name from a User-Agent header."""

from components.foundation.languages.words import _

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def browser_name(agent: str) -> str:
    """“Firefox on Linux”; “Unknown browser” for anything else."""
    browser = next((known for sign, known in _BROWSERS if sign in agent), "")
    system = next((known for sign, known in _SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or (_("Browser on %(system)s", system=system) if system else _("Unknown browser"))
