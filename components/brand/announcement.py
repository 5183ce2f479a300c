"""The sentence above every page of the shop, while it is to be seen."""

from dataclasses import dataclass
from datetime import datetime

from components.foundation.shop_settings import shop_settings


@dataclass(frozen=True, slots=True)
class Announcement:
    """`link` is "" when there is nothing to open."""

    text: str
    link: str


def shown(at: datetime) -> Announcement | None:
    """What is announced at this instant, from its first instant on and until its last."""
    known = shop_settings.current()
    if not known.announcement_text:
        return None
    begins, ends = _instant(known.announcement_from), _instant(known.announcement_until)
    if (begins is not None and at < begins) or (ends is not None and at >= ends):
        return None
    return Announcement(known.announcement_text, known.announcement_link)


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
