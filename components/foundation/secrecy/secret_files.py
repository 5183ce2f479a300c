"""Secrets that the environment gives, themselves or in a file: `STRIPE_SECRET_KEY_FILE=/run/secrets/stripe`.

So Docker, Kubernetes, systemd credentials and vaults hand them over: what stands in a process's environment is
read by everything that it starts, and is shown by many a tool.
"""

import os
from pathlib import Path

NAMES = frozenset(
    {
        "secret_key",
        "former_secret_keys",
        "metrics_token",
        "stripe_secret_key",
        "stripe_webhook_secret",
        "smtp_url",
        "database_url",
        "pooled_database_url",
        "pictures_key",
        "backup_key",
        "backup_passphrase",
    }
)
LISTS = frozenset({"former_secret_keys"})
"""Several, on lines of their own or separated by commas."""
LARGEST = 64 * 1024


class SecretUnreadable(Exception):
    """The message names the setting, never what is in the file."""


def given(name: str) -> str:
    """What the environment says of this setting, "" for nothing. Raises `SecretUnreadable`."""
    name = name.upper()
    written, path = os.environ.get(name, "").strip(), file_of(name)
    if not path:
        return written
    if written:
        raise SecretUnreadable(f"Set {name} or {name}_FILE, not both.")
    try:
        with Path(path).open("rb") as file:
            found = file.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise SecretUnreadable(f"{name}_FILE names a file that is too large for a secret: {path}.")
        lines = [line.strip() for line in found.decode().splitlines() if line.strip()]
    except OSError as trouble:
        raise SecretUnreadable(f"{name}_FILE cannot be read: {path}: {trouble.strerror}.") from None
    except UnicodeDecodeError:
        raise SecretUnreadable(f"{name}_FILE names a file that is no text: {path}.") from None
    if len(lines) == 1 or (lines and name.lower() in LISTS):
        return ",".join(lines)
    raise SecretUnreadable(f"{name}_FILE names a file with {len(lines) or 'no'} lines, where one is wanted: {path}.")


def file_of(name: str) -> str:
    """The file in which this secret is given."""
    return os.environ.get(f"{name.upper()}_FILE", "").strip() if name.lower() in NAMES else ""
