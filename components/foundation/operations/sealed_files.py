"""A file that only a passphrase opens: in the format of age, so that tools other than ours open it too.

A fresh key encrypts the file as it is read, whatever its size; the passphrase encrypts the key. Both lie in one tar:

    tar -xf shop.sealed.tar && age --decrypt -i key.age archive.age > shop.tar
"""

import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

KEY, CONTENT = "key.age", "archive.age"
MOST_KEY_BYTES = 10_000


class SealBroken(Exception):
    """The message says why the file could not be opened or written, in plain words."""


def seal(file: Path, to: Path, *, passphrase: str) -> None:
    """Write `to`, readable by its owner only."""
    identity = pyrage.x25519.Identity.generate()
    with tempfile.TemporaryDirectory(prefix=".sealing-", dir=to.parent) as folder:
        key, content, sealed = Path(folder) / KEY, Path(folder) / CONTENT, Path(folder) / to.name
        key.write_bytes(pyrage.passphrase.encrypt(f"{identity}\n".encode(), passphrase))
        pyrage.encrypt_file(str(file), str(content), [identity.to_public()])
        with tarfile.open(sealed, "w") as archive:
            archive.add(key, arcname=KEY)
            archive.add(content, arcname=CONTENT)
        sealed.chmod(0o600)
        sealed.replace(to)


def written(to: Path, write: Callable[[Path], object], *, passphrase: str) -> None:
    """Seal what is written to a file in the temporary folder, so that `to` never lies there open."""
    with tempfile.TemporaryDirectory(prefix="clubfront-plain-") as folder:
        plain = Path(folder) / CONTENT
        write(plain)
        try:
            seal(plain, to, passphrase=passphrase)
        except OSError as trouble:
            raise SealBroken(f"{to} could not be written: {trouble.strerror}.") from None


def is_sealed(file: Path) -> bool:
    try:
        with tarfile.open(file) as archive:
            first = archive.next()
            return first is not None and first.name == KEY
    except (OSError, tarfile.TarError):
        return False


@contextmanager
def opened(file: Path, *, passphrase: str) -> Iterator[Path]:
    """The file that was sealed; one that is not sealed is given as it is. Raises `SealBroken`."""
    if not is_sealed(file):
        yield file
        return
    if not passphrase:
        raise SealBroken(f"{file.name} is encrypted: its passphrase is needed.")
    with tempfile.TemporaryDirectory(prefix="clubfront-opened-") as folder:
        yield _open(file, Path(folder), passphrase)


def _take(archive: tarfile.TarFile, name: str, to: Path) -> None:
    """By hand: the filters of `extractall` came with Python 3.11.4, and Debian 12 has 3.11.2."""
    held = archive.extractfile(archive.getmember(name))
    if held is None:
        raise tarfile.TarError(f"{name} is no file")
    with held, to.open("wb") as out:
        shutil.copyfileobj(held, out, 1 << 20)


def _open(file: Path, folder: Path, passphrase: str) -> Path:
    plain = folder / "archive.tar"
    try:
        with tarfile.open(file) as archive:
            for name in (KEY, CONTENT):
                _take(archive, name, folder / name)
        with (folder / KEY).open("rb") as key:
            identity = pyrage.passphrase.decrypt(key.read(MOST_KEY_BYTES), passphrase).decode().strip()
    except pyrage.DecryptError as trouble:
        if "work" in str(trouble).lower():  # a much faster machine made it, or this one is very busy
            raise SealBroken(f"{file.name} cannot be opened here at the moment: {trouble}.") from None
        raise SealBroken(f"{file.name} does not open with this passphrase.") from None
    except (OSError, KeyError, tarfile.TarError) as trouble:
        raise SealBroken(f"{file.name} is damaged: {trouble}.") from None
    try:
        pyrage.decrypt_file(str(folder / CONTENT), str(plain), [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError, ValueError) as trouble:
        raise SealBroken(f"{file.name} is damaged: {trouble}.") from None
    (folder / CONTENT).unlink()
    return plain
