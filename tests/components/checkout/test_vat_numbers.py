"""VAT numbers: as people type them, in full; wrong ones refused."""

from components.checkout.taxes import vat_numbers
from components.foundation.shop_settings import shop_settings
from tests.support.cells import every_cell
from web.forms.vat_number import number_of


@every_cell(
    ("typed", "country", "kept"),
    [
        ("DE 136 695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("DE136695977", "DE", None),
        ("FR 40 303 265 045", "FR", "FR40303265045"),
        ("FR40303265045", "DE", "FR40303265045"),
        ("el 094259216", "GR", "EL094259216"),
        ("ATU13585627", "AT", "ATU13585627"),
        ("980 7806 84", "GB", "GB980780684"),
        ("GB 980780684", "GB", "GB980780684"),
        ("123456789", "GB", None),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("NO 995 525 828 MVA", "NO", "995525828MVA"),
        ("51 824 753 556", "AU", "51824753556"),
        ("é" * 9, "DE", None),
        ("１３６６９５９７６", "DE", "DE136695976"),
        ("", "DE", None),
        ("12-3456789", "US", "123456789"),
        ("ATU13585627", "GB", None),
        ("ROMJ800101AB1", "MX", "ROMJ800101AB1"),
        ("BEPAJ1234F", "IN", "BEPAJ1234F"),
    ],
)
def test_a_number_is_kept_in_full_or_refused(typed: str, country: str, kept: str | None) -> None:
    assert vat_numbers.checked(typed, country) == kept


@every_cell(
    ("typed", "countries", "kept"),
    [
        ("ATXX99", ("FR", "US"), ""),
        ("FR 40 303 265 045", ("FR", "US"), "FR40303265045"),
        ("FR 40 303 265 045", ("FR", "GB"), "FR40303265045"),
        ("ROMJ800101AB1", ("MX", ""), "ROMJ800101AB1"),
        ("ROMJ800101AB1", ("MX", "US"), "ROMJ800101AB1"),
        ("12-3456789", ("FR", "US"), "123456789"),
    ],
)
def test_a_number_that_may_do_away_with_tax_is_held_to_its_check_digits(
    typed: str, countries: tuple[str, ...], kept: str
) -> None:
    """Goods go to the first, the invoice to the second."""
    shop_settings.use(shop_settings.current().changed({"vat_number": "DE136695976"}))
    assert number_of(typed, *countries) == kept
