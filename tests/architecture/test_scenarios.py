"""Every scenario of payments has a test that bears its number, and the document says where."""

from tests.architecture import scenario_index
from tests.support.cells import every_cell


def test_each_of_the_sixty_scenarios_is_borne_by_a_test() -> None:
    borne = scenario_index.bearers()
    assert [number for number in range(1, scenario_index.LAST + 1) if not borne.get(number)] == []


def test_the_document_names_files_that_bear_the_number() -> None:
    borne, named = scenario_index.bearers(), scenario_index.documented()
    assert sorted(named) == list(range(1, scenario_index.LAST + 1))
    wrong = {number: files - set(borne[number]) for number, files in named.items() if files - set(borne[number])}
    assert wrong == {} and all(named.values())


@every_cell(
    ("name", "words", "found"),
    [
        ("test_07_a_price_changed", "", {7}),
        ("test_02_and_03_late", "", {2, 3}),
        ("test_the_books", "Scenarios 42, 43 and 55.", {42, 43, 55}),
        ("test_2027_was_a_year", "", set()),
        ("test_nothing", "A scenario without a number.", set()),
    ],
)
def test_numbers_are_read_from_names_and_docstrings(name: str, words: str, found: set[int]) -> None:
    assert scenario_index.numbers(name, words) == found
