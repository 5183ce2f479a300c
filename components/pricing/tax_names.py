"""The name of a tax, in the language of whoever reads it.

A rate keeps the name it was given. Where that is only what value added tax is called in some country, readers of
another language read what it is called in theirs: "MwSt." on German pages, "VAT" on English ones. Any other name (GST,
sales tax, what an owner thought of) stays as it is.
"""

import re
from decimal import Decimal

from components.foundation import formatting
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
_LONGEST = 60
_EXACT = re.compile(r"(?P<name>.*) \((?P<rate>\d+\.\d{3,})%\)")
USUAL = ELSEWHERE.union(*OWN.values())


def said(name: str) -> str:
    """Of several taxes together, "VAT + PST", each by itself."""
    return " + ".join(_said(part) for part in name.split(" + "))


def with_exact_rate(name: str, rate: str) -> str:
    """For a rate with more decimals than hundredths of a per cent: its name says it, as "Sales Tax (6.625%)"."""
    return f"{name[: _LONGEST - len(rate) - 4]} ({rate}%)"


def told(name: str, rate_bp: int) -> tuple[str, str]:
    """What a tax is called, and its rate in words; exact where the name says it."""
    exact = _EXACT.fullmatch(name)
    if exact is None:
        return said(name), formatting.percent(rate_bp)
    return said(exact["name"]), formatting.percent(Decimal(exact["rate"]) * 100)


def _said(name: str) -> str:
    is_foreign = name in USUAL and name not in OWN.get(language.current(), frozenset())
    return _("VAT") if is_foreign else name
