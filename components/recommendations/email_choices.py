"""What is chosen for readers of e-mails: only what everybody may see and buy, since others may read what is sent, and
made without visits. Nothing of whoever, or whose shop, switched it off."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.catalog.visibility import Access
from components.foundation import settings, text
from components.foundation.languages import language
from components.recommendations import choice_reasons, personal_choices, personal_history
from components.recommendations.personal_choices import ChoiceGate, ChoiceKind, PersonalChoice

MOST = 4
MADE_UP = 2


async def for_people(person_ids: Iterable[UUID], at: datetime) -> dict[UUID, tuple[PersonalChoice, ...]]:
    """For many at once, in one statement."""
    gate = ChoiceGate(snapshot_refresh.snapshot(), Access.NONE, at)
    found = await personal_history.of_people(person_ids, at)
    return {person: personal_choices.chosen(history, gate, most=MOST) for person, history in found.items()}


def said(choices: Sequence[PersonalChoice]) -> tuple[tuple[str, str, str], ...]:
    """What it is, why, and its address, in the language spoken."""
    base = f"{settings.current().base_url}{language.prefix()}"
    return tuple(
        (one.product.title, choice_reasons.reason(one), text.in_address(f"{base}/products/{one.product.slug}"))
        for one in choices
    )


def made_up(at: datetime) -> tuple[PersonalChoice, ...]:
    """For previews that are about nobody: some of the newest products, chosen because of another."""
    gate = ChoiceGate(snapshot_refresh.snapshot(), Access.NONE, at)
    found = personal_choices.newest(gate, most=MADE_UP + 1)
    about = found[-1].title if found else ""
    return tuple(PersonalChoice(one, ChoiceKind.BOUGHT, about, at) for one in found[:-1])
