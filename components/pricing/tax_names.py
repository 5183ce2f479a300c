"""The name of a tax, in the language of whoever reads it.

A rate keeps the name it was given. Where that is only what value added tax is called in some country, readers of
another language read what it is called in theirs: "MwSt." on German pages, "VAT" on English ones. Any other name (GST,
sales tax, what an owner thought of) stays as it is.
"""

from components.foundation.languages import language
from components.foundation.languages.words import _

OWN = {
    "en": frozenset({"VAT"}),
    "de": frozenset({"MwSt.", "MwSt", "MWST", "USt.", "USt", "Mehrwertsteuer", "Umsatzsteuer"}),
}
ELSEWHERE = frozenset(
    {
        "BTW/TVA",
        "BTW",
        "btw",
        "TVA",
        "IVA",
        "moms",
        "Moms",
        "ALV",
        "DPH",
        "KM",
        "PDV",
        "ÁFA",
        "PVM",
        "PVN",
        "PTU",
        "DDV",
    }
    | {"DDS", "MVA", "ДДС", "ΦΠΑ"}
)
USUAL = ELSEWHERE.union(*OWN.values())


def said(name: str) -> str:
    """Of several taxes together, "VAT + PST", each by itself."""
    return " + ".join(_said(part) for part in name.split(" + "))


def _said(name: str) -> str:
    is_foreign = name in USUAL and name not in OWN.get(language.current(), frozenset())
    return _("VAT") if is_foreign else name
