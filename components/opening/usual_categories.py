"""Which tax category printed books, and most food, usually have in each country. Pure.

A country is left out where it has the standard rate, where its rate is not among the well-known ones (books in Cyprus:
3%), where only some food has a lower one (Bulgaria, Croatia, Hungary, Latvia, Slovakia), or where we could not verify
it (books in Slovakia; Switzerland). Sources: the Commission's database Taxes in Europe (TEDB), August 2025; since then
Lithuania (Law XV-287: books 5% from 1 January 2026) and Sweden (food 6% from 1 April 2026 to 31 December 2027);
GOV.UK; for Norway what booksellers and grocers charge: books 0%, food 15%.
"""

AS_OF = "2026-04-01"
ZERO, REDUCED, SECOND = "zero", "reduced", "reduced-2"


def _by_country(zero: str, reduced: str, second: str) -> dict[str, str]:
    named = ((ZERO, zero), (REDUCED, reduced), (SECOND, second))
    return {country: category for category, countries in named for country in countries.split()}


PRINTED = _by_country("CZ GB IE NO", "AT BE BG DE EE FI FR NL PT RO", "ES GR HR HU IT LT LU LV MT PL SE SI")
EATEN = _by_country("GB IE MT", "AT BE CZ DE ES FI FR GR IT NL NO PT RO SI", "CY LU PL SE")
