"""Small letters inside a sentence, where the language spoken writes them: German nouns keep their capitals."""

from components.foundation.languages import language

_NOUNS_IN_CAPITALS = frozenset({"de", "lb"})


def inside(name: str) -> str:
    """A name that is no proper one: "More mugs", "Mehr Becher"."""
    return name if language.current() in _NOUNS_IN_CAPITALS else name.lower()


def after_colon(sentence: str) -> str:
    """A sentence that goes on after a colon or in brackets."""
    return sentence if language.current() in _NOUNS_IN_CAPITALS else sentence[:1].lower() + sentence[1:]
