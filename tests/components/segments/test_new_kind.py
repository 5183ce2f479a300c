"""A new kind of rule is one module: it is read, found, said and offered like those that are there."""

from pathlib import Path

import pytest

from components.segments import rule_registry, rules, segments
from tests.support import people
from web.staff.segments import rule_inputs

MODULE = """
from components.segments.rule_fields import RuleNumber
from components.segments.rule_kind import RuleKind

KINDS = (
    RuleKind(
        key="long_name",
        group="customer",
        title="Long name",
        fields=(RuleNumber(name="letters", label="Letters", least=1),),
        select=lambda values, into: (
            f"SELECT id FROM segments_people WHERE length(name) >= {into.bind(values['letters'], 'int')}"
        ),
        says=lambda values: f"have a name of at least {values['letters']} letters",
    ),
)
"""


@pytest.fixture
def long_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long_name_rule.py").write_text(MODULE)
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    rule_registry.all_kinds.cache_clear()


async def test_a_new_kind_is_one_module(db: None, long_names: None) -> None:
    try:
        noor, zenobia = await people.customer(), await people.customer("zq@kiln.test", name="Zenobia")
        asked = {"match": "all", "parts": [{"kind": "long_name", "letters": 7}]}
        assert not await segments.fits(asked, noor.id) and await segments.fits(asked, zenobia.id)
        assert segments.sentence(asked) == "Customers who have a name of at least 7 letters."
        assert ("long_name", "Long name") in dict(rule_inputs.kinds())["Customer"]
    finally:
        rule_registry.all_kinds.cache_clear()
