"""Build the shop's static assets as files named by their content.

Run as ``python static/build.py``. It copies third-party files (htmx, the typefaces) from ``node_modules`` to
``static/vendor``, joins our own CSS and JavaScript, and writes every asset to ``static/built/<stem>.<hash>.<ending>``
with a gzip file beside it. ``static/built/manifest.json`` maps each name to its current address. Running it twice
changes nothing.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent
MODULES = STATIC.parent / "node_modules"
VENDOR = STATIC / "vendor"
BUILT = STATIC / "built"

OTHERS_WORK = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    **{
        f"{name}.woff2": f"@fontsource-variable/{package}/files/{package}-latin-wght-normal.woff2"
        for name, package in (
            ("dm-sans", "dm-sans"),
            ("figtree", "figtree"),
            ("fraunces", "fraunces"),
            ("inter", "inter"),
            ("lora", "lora"),
            ("playfair", "playfair-display"),
        )
    },
}
ALREADY_DENSE = {".woff2", ".webp", ".avif", ".jpg", ".png"}
QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')


def main() -> int:
    missing = [source for source in OTHERS_WORK.values() if not (MODULES / source).is_file()]
    if missing:
        print(f"Assets are not installed yet ({missing[0]}): run `npm ci` first.", file=sys.stderr)
        return 1
    VENDOR.mkdir(exist_ok=True)
    BUILT.mkdir(exist_ok=True)
    manifest = _published(_vendored() | _pictures())
    manifest |= _published(_sheets(manifest) | {"app.js": _script()})
    _write(BUILT / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True).encode() + b"\n")
    _sweep(manifest)
    return 0


def _vendored() -> dict[str, bytes]:
    for name, source in OTHERS_WORK.items():
        if not (VENDOR / name).is_file() or (VENDOR / name).stat().st_size != (MODULES / source).stat().st_size:
            shutil.copyfile(MODULES / source, VENDOR / name)
    found = {name: (VENDOR / name).read_bytes() for name in OTHERS_WORK}
    found["htmx.js"] = re.sub(rb"\n//# sourceMappingURL=.*", b"", found["htmx.js"])
    return found


def _pictures() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((STATIC / "img").iterdir()) if path.is_file()}


def _sheets(manifest: dict[str, str]) -> dict[str, bytes]:
    """Each folder of ``static/css`` as one sheet, its ``url("name")`` pointing to the asset of that name."""
    sheets = {}
    for folder in sorted((STATIC / "css").iterdir()):
        whole = "\n".join(path.read_text() for path in sorted(folder.glob("*.css")))
        for name, address in manifest.items():
            whole = whole.replace(f'url("{name}")', f'url("{address}")')
        sheets[f"{folder.name}.css"] = squeezed_css(whole).encode()
    return sheets


def _script() -> bytes:
    """Each script in a block of its own, so that their names never clash."""
    parts = [squeezed_js(path.read_text()) for path in sorted((STATIC / "js").glob("*.js"))]
    return "".join(f"{{\n{part}\n}}\n" for part in parts).encode()


def squeezed_css(sheet: str) -> str:
    """The same rules without comments and unneeded whitespace; quoted text is left alone."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return "".join(part if part.startswith('"') else _tight(part) for part in QUOTED.split(sheet)).strip()


def _tight(rules: str) -> str:
    rules = re.sub(r"\s+", " ", rules)
    rules = re.sub(r" ?([{};,>]) ?", r"\1", rules)
    rules = re.sub(r": ", ":", rules)
    return rules.replace(";}", "}")


def squeezed_js(source: str) -> str:
    """The same script without whole-line comments and indentation."""
    source = re.sub(r"^\s*/\*\*.*?\*/\s*$", "", source, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _published(assets: dict[str, bytes]) -> dict[str, str]:
    """Write each asset under a name made from its content; returns the address of each."""
    addresses = {}
    for name, content in assets.items():
        path = Path(name)
        hashed = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:8]}{path.suffix}"
        _write(BUILT / hashed, content)
        if path.suffix not in ALREADY_DENSE:
            _write(BUILT / f"{hashed}.gz", gzip.compress(content, compresslevel=9, mtime=0))
        addresses[name] = f"/static/built/{hashed}"
    return addresses


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def _sweep(manifest: dict[str, str]) -> None:
    """Remove the files of an earlier build."""
    wanted = {Path(address).name for address in manifest.values()} | {"manifest.json"}
    for path in BUILT.iterdir():
        if path.name.removesuffix(".gz") not in wanted:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
