"""The language of Stripe's own pages, of those that Stripe speaks."""

from components.foundation.languages import language

SPOKEN = frozenset({
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hi-IN", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th",
    "tr", "vi", "zh", "zh-HK", "zh-TW",
})  # fmt: skip


def current() -> str | None:
    """That of the visitor: "de", "en-GB"; None where Stripe has none like it and looks at the browser instead."""
    return next((each for each in (language.tag(), language.current()) if each in SPOKEN), None)
