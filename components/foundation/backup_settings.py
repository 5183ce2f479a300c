"""Whether the settings of backups go together."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from components.foundation.settings import Settings

NONE = "none"
"""Said in BACKUP_TO: backups are made in another way."""
OWN_BACKUPS = "backups"
"""The only folder inside the data folder that backups may be put into: it is not part of them."""


def trouble(known: "Settings") -> str:
    """What is wrong, naming the setting and saying what is valid; empty when nothing is."""
    if known.backup_keep_days < 1:
        return "BACKUP_KEEP_DAYS must be 1 or more."
    if not known.makes_backups:
        return ""
    return _of_bucket(known) if known.backup_to.startswith("s3://") else _of_folder(known.backup_to, known.data)


def _of_folder(backup_to: str, data: Path) -> str:
    if not backup_to.startswith("/"):
        return f"BACKUP_TO must be a folder (/srv/backups), s3://bucket/folder, or none, not “{backup_to}”."
    folder = Path(backup_to).resolve()
    if folder.is_relative_to(data) and folder.relative_to(data).parts[:1] != (OWN_BACKUPS,):
        own = data / OWN_BACKUPS
        return f"BACKUP_TO is inside the data folder: there it must be {own}, or each backup would hold the others."
    return ""


def _of_bucket(known: "Settings") -> str:
    if not urlsplit(known.backup_to).netloc:
        return "BACKUP_TO names no bucket: s3://bucket/folder."
    if bool(known.backup_key_id) != bool(known.backup_key):
        return "BACKUP_KEY_ID and BACKUP_KEY belong together: set both, or neither."
    if not known.backup_endpoint:
        return ""
    address = urlsplit(known.backup_endpoint)
    if address.scheme not in {"http", "https"} or not address.netloc:
        return "BACKUP_ENDPOINT must be an address: https://s3.example.net."
    if address.scheme == "http" and known.is_production and not known.backup_passphrase:
        return (
            "BACKUP_ENDPOINT must begin with https:// in production, or BACKUP_PASSPHRASE be set: "
            "a backup holds every secret of the shop."
        )
    return ""
