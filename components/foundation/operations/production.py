"""What a shop in production refuses to start with. The doctor is red for each."""

import math
from collections import Counter

from components.foundation import settings
from components.foundation.settings import NONE, BadSetting, Settings

NO_MAIL = "In production SMTP_URL is required: without it nobody gets a sign-in link, a receipt or a notice."
SHORTEST, FEWEST_BITS = 32, 100
_PLACEHOLDERS = ("changeme", "change-me", "change_me", "secret", "password", "example", "clubfront", "12345678")


def refuse_to_serve() -> None:
    """Raises `BadSetting` with the first refusal."""
    settings.refuse_to_serve()
    known = settings.current()
    for words in refusals(known) if known.is_production else ():
        raise BadSetting(words)


def refusals(known: Settings) -> tuple[str, ...]:
    """Each as a sentence that says what to do. None for a shop that may open."""
    found = [
        _weak_secret("SECRET_KEY", known.secret_key),
        _weak_secret("METRICS_TOKEN", known.metrics_token) if known.metrics_token else "",
        ""
        if known.smtp_url
        else "In production SMTP_URL is required: without it nobody gets a sign-in link, a receipt or a notice.",
        _unnamed_proxies(known),
        _open_metrics(known),
        "" if known.practice_pages == "machine" else "In production PRACTICE_PAGES must be machine.",
    ]
    return tuple(words for words in found if words)


def _weak_secret(name: str, secret: str) -> str:
    hint = "Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
    hint += ", or leave it out and one is made." if name == "SECRET_KEY" else "."
    if len(secret) < SHORTEST:
        return f"In production {name} must have at least {SHORTEST} characters. {hint}"
    if bits(secret) < FEWEST_BITS or _is_a_placeholder(secret):
        return f"In production {name} must be random, and this one can be guessed. {hint}"
    return ""


def _is_a_placeholder(secret: str) -> bool:
    """Words that everybody knows make up more than a third of it."""
    return sum(secret.lower().count(word) * len(word) for word in _PLACEHOLDERS) * 3 > len(secret)


def bits(secret: str) -> float:
    """How much its letters could say at most, given how often each occurs (Shannon), a repeated part counted once."""
    part = _repeated(secret)
    counted = Counter(part)
    return -sum(count * math.log2(count / len(part)) for count in counted.values())


def _repeated(secret: str) -> str:
    period = (secret + secret).find(secret, 1)
    return secret[:period]


def _unnamed_proxies(known: Settings) -> str:
    if known.trusted_proxies:
        return ""
    return (
        "In production TRUSTED_PROXIES is required: the addresses or networks of the proxy that serves https, for "
        f"example 10.0.0.0/8, or `{NONE}` when visitors reach this process themselves. Unnamed, every visitor has the "
        "proxy's address, and one who mistypes a password locks out all others."
    )


def _open_metrics(known: Settings) -> str:
    if any(network.prefixlen == 0 for network in known.metrics_networks):
        return "In production METRICS_FROM must not be everybody: name the network of your monitoring."
    if known.metrics_networks and not known.proxy_networks:
        return (
            "In production METRICS_FROM needs the proxy named in TRUSTED_PROXIES, for everybody comes through it. "
            "Or let your monitoring send METRICS_TOKEN."
        )
    return ""
