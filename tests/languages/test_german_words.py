"""German calls one thing by one name, says “Sie”, and makes no compound with a name that somebody chose.

Pages of law (returns, terms) keep the words of the law.
"""

import re
from pathlib import Path

from components.foundation.languages import catalogues

EMAILS = Path(__file__).parents[2] / "templates" / "emails" / "de"
SAID_OTHERWISE = {
    "Probezeit": r"Probezeitr|Testphase|Testzeitraum|Probemonat",
    "kostenloser Versand": r"[Kk]ostenlose[nrs]? Lieferung|inkl\. Lieferung|Lieferkosten",
    "inkl.": r"\b[Ii]nklusive\b",
    "Konto": r"\b(?:Account|Benutzerkonto|Kundenkonto)s?\b",
    "Warenkorb": r"\b(?:Einkaufskorb|Korb|Einkaufswagen)\b",
    "Tarif": r"\b(?:Plan|Pläne)\b",
    "Gutschein": r"\b(?:Coupons?|Rabattcodes?|Aktionscodes?)\b",
    "Erstattung": r"Rückerstatt|Rückzahlung",
    "anmelden": r"\b[Ee]inloggen\b|\b[Ll]ogin\b|\b[Aa]usloggen\b",
    "E-Mail": r"\b(?:Email|EMail|eMail|Mailadresse)\b",
    "Sie": r"\b(?:[Dd]u|[Dd]ir|[Dd]ich|[Dd]ein(?:e[mnrs]?)?|[Ee]u(?:ch|er|re[mnrs]?))\b",
    "a name beside the word": r"%\((?!count|num|share|rate)\w+\)s-\w|\{(?:club|shop|plan) name\}-\w",
}
"""What it is called, and what nobody calls it."""


def wrong(words: str) -> list[str]:
    return [f"{found[0]!r}: {right}" for right, other in SAID_OTHERWISE.items() if (found := re.search(other, words))]


def test_one_thing_has_one_name_in_german() -> None:
    said = [
        words
        for message in catalogues.read(catalogues.BUILT_IN / "de.po", "de")
        if message.id
        for words in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    texts = [path.read_text("utf-8") for path in sorted(EMAILS.glob("*.md"))]
    assert len(said) > 1500
    assert len(texts) > 40
    assert not [(words[:90], found) for words in (*said, *texts) if (found := wrong(words))]


def test_another_name_would_be_found() -> None:
    assert wrong("Ihr kostenloser Probezeitraum endet") and wrong("%(club)s-Preis") and wrong("Wie heißt du?")
    assert not wrong("%(count)s-mal") and not wrong("Ihre Probezeit endet, dann gilt Ihr Tarif.")
