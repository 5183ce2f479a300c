"""Whether the settings of backups go together."""

from pathlib import Path
from typing import TYPE_CHECKING

from components.foundation.operations import buckets

if TYPE_CHECKING:
    from components.foundation.settings import Settings

NONE = "none"
"""Said in BACKUP_TO: backups are made in another way."""
OWN_BACKUPS = "backups"
"""The only folder inside the data folder that backups may be put into: it is not part of them."""
LONGEST = 300


def trouble(known: "Settings") -> str:
    """What is wrong, naming the setting and saying what is valid; empty when nothing is."""
    if known.backup_keep_days < 1:
        return "BACKUP_KEEP_DAYS must be 1 or more."
    if not known.makes_backups:
        return ""
    if len(known.backup_to) > LONGEST:
        return f"BACKUP_TO may have at most {LONGEST} characters."
    is_bucket = known.backup_to.startswith(buckets.SCHEME)
    return _of_bucket(known) if is_bucket else _of_folder(known.backup_to, known.data)


def _of_folder(backup_to: str, data: Path) -> str:
    if not backup_to.startswith("/"):
        return f"BACKUP_TO must be a folder (/srv/backups), s3://bucket/folder, or none, not “{backup_to}”."
    folder = Path(backup_to).resolve()
    if folder.is_relative_to(data) and folder.relative_to(data).parts[:1] != (OWN_BACKUPS,):
        own = data / OWN_BACKUPS
        return f"BACKUP_TO is inside the data folder: there it must be {own}, or each backup would hold the others."
    return ""


def _of_bucket(known: "Settings") -> str:
    if wrong := known.backup_bucket.trouble("BACKUP"):
        return wrong
    if known.backup_bucket.is_read_on_the_way and known.is_production and not known.backup_passphrase:
        return (
            "BACKUP_ENDPOINT must begin with https:// in production, or BACKUP_PASSPHRASE be set: "
            "a backup holds every secret of the shop."
        )
    return ""
