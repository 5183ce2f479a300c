"""The demo's own icon. Its colours and typefaces are among its settings: see `components.demo.demo_settings`."""

from pathlib import Path
from uuid import UUID

from components.brand import brand_changes, logos

ICON = Path(__file__).parent / "kiln" / "brand" / "icon.png"


async def show(*, by: UUID) -> None:
    """The pot beside the name."""
    await brand_changes.save({"brand_icon": await logos.upload(ICON.read_bytes(), kind="icon", by=by)}, by=by)
