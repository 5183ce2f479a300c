"""Reads one module of the installed SDK: its classes' fields and its services' calls."""

import ast
import functools
import importlib.metadata
import importlib.util
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from web.standin.contract import shapes

VERSION = importlib.metadata.version("stripe")
FORMAT = 1
ModuleFacts = dict[str, Any]

_cache: dict[str, Path] = {}


def package_folder() -> Path:
    specification = importlib.util.find_spec("stripe")
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError("The stand-in for Stripe needs the stripe package.")
    return Path(specification.origin).parent


def _api_version() -> str:
    text = (package_folder() / "_api_version.py").read_text()
    found = re.search(r'CURRENT = "([^"]+)"', text)
    if found is None:
        raise LookupError("The installed stripe package does not name its API version.")
    return found[1]


API_VERSION = _api_version()


def keep_in(folder: Path) -> None:
    """Caches what has been read beside the stand-in's state, so that the next start need not read it again."""
    _cache["folder"] = folder / f"stripe-{VERSION}-contract-{FORMAT}"


@functools.cache
def module(name: str) -> ModuleFacts:
    """`records`: class → field → [required, nullable, shape]; `calls`: [verb, path, parameters, answer]."""
    return _from_disk(name) or _read(name)


def record(reference: str) -> dict[str, shapes.Field]:
    name, _, qualified = reference.partition(":")
    found: dict[str, shapes.Field] = module(name)["records"].get(qualified, {})
    return found


def _from_disk(name: str) -> ModuleFacts | None:
    folder = _cache.get("folder")
    if folder is None:
        return None
    try:
        facts: ModuleFacts = json.loads((folder / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return facts


def _to_disk(name: str, facts: ModuleFacts) -> None:
    folder = _cache.get("folder")
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
            json.dump(facts, file, separators=(",", ":"))
        Path(file.name).replace(folder / f"{name}.json")
    except OSError:
        return  # only a convenience: the module will be read again next time


def _read(name: str) -> ModuleFacts:
    reader = _Reader(name)
    facts: ModuleFacts = {"records": reader.records(), "calls": reader.calls()}
    _to_disk(name, facts)
    return facts


def _path(name: str) -> Path:
    stem = package_folder().joinpath(*name.split(".")[1:])
    return stem.with_suffix(".py") if stem.with_suffix(".py").exists() else stem / "__init__.py"


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.tree = ast.parse(_path(name).read_text())
        self.imported: dict[str, str] = {}
        self.classes: dict[str, ast.ClassDef | ast.Dict] = {}
        self._survey(self.tree.body)

    def _survey(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                self._add(statement, ())
            elif isinstance(statement, ast.If):
                self._survey(statement.body)
            elif isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("stripe"):
                for alias in statement.names:
                    self.imported[alias.asname or alias.name] = f"{statement.module}:{alias.name}"
            elif isinstance(statement, ast.Assign):
                self._add_functional(statement)

    def _add(self, node: ast.ClassDef, outer: tuple[str, ...]) -> None:
        path = (*outer, node.name)
        self.classes[".".join(path)] = node
        for inner in node.body:
            if isinstance(inner, ast.ClassDef):
                self._add(inner, path)

    def _add_functional(self, node: ast.Assign) -> None:
        """`X = TypedDict("X", {"from": …})`: how the SDK writes fields whose names Python reserves."""
        call, target = node.value, node.targets[0]
        if not isinstance(call, ast.Call) or not isinstance(target, ast.Name):
            return
        fields = call.args[-1] if call.args else None
        if ast.unparse(call.func) == "TypedDict" and isinstance(fields, ast.Dict):
            self.classes[target.id] = fields

    def _resolve(self, name: str, scope: str) -> shapes.Shape:
        while scope:
            if f"{scope}.{name}" in self.classes:
                return {"record": f"{self.name}:{scope}.{name}"}
            scope = scope.rpartition(".")[0]
        if name in self.classes:
            return {"record": f"{self.name}:{name}"}
        if name in self.imported and not self.imported[name].startswith("stripe._stripe_object:"):
            return {"record": self.imported[name]}
        return "any"

    def records(self) -> dict[str, dict[str, shapes.Field]]:
        return {name: self._fields(name, node) for name, node in self.classes.items()}

    def _fields(self, scope: str, node: ast.ClassDef | ast.Dict) -> dict[str, shapes.Field]:
        def resolve(name: str) -> shapes.Shape:
            return self._resolve(name, scope)

        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return {str(ast.literal_eval(key)): shapes.field(value, resolve) for key, value in pairs if key}
        return {
            line.target.id: shapes.field(line.annotation, resolve)
            for line in node.body
            if isinstance(line, ast.AnnAssign)
            and isinstance(line.target, ast.Name)
            and not line.target.id.startswith("_")
            and not ast.unparse(line.annotation).startswith("ClassVar")
        }

    def calls(self) -> list[list[Any]]:
        """Each synchronous method of a service class, found by the `self._request(verb, path, …)` inside it."""
        if not self.name.endswith("_service"):
            return []
        methods = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        return [call for method in methods if (call := self._call(method))]

    def _call(self, method: ast.FunctionDef) -> list[Any] | None:
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_request" and len(node.args) > 1:
                verb, path = node.args[0], node.args[1]
                if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
                    path = path.func.value
                template = re.sub(r"\{[^}]*\}", "{}", ast.literal_eval(path))
                return [ast.literal_eval(verb).upper(), template, self._parameters(method), self._answer(method)]
        return None

    def _parameters(self, method: ast.FunctionDef) -> str | None:
        for argument in [*method.args.args, *method.args.kwonlyargs]:
            if argument.arg == "params" and argument.annotation is not None:
                name = re.search(r"\w+Params", ast.unparse(argument.annotation))
                return self.imported.get(name[0]) if name else None
        return None

    def _answer(self, method: ast.FunctionDef) -> shapes.Shape:
        if method.returns is None:
            return "any"
        return shapes.field(method.returns, lambda name: self._resolve(name, ""))[2]
