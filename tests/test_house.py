"""The rules of the house that no linter knows (docs/architecture.md). Layers and cycles: `make check`."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("persian_mir", "trainer", "persian_mir_gui")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = {"list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "Lock", "RLock", "ContextVar"}
DANGEROUS_IMPORTS = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib"}
DANGEROUS_CALLS = {"eval", "exec"}


def nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_house_rules(path: Path) -> None:
    faults = []
    for node in nodes(path):
        where = f"line {getattr(node, 'lineno', '?')}"
        match node:
            case ast.ExceptHandler(type=None):
                faults.append(f"{where}: bare except")
            case ast.Global():
                faults.append(f"{where}: global")
            case ast.Constant(value=str(text)) if re.search(r"\?\d", text):
                faults.append(f"{where}: a numbered value in SQL, of which Python 3.12.0 to 3.12.3 warns")
            case ast.ClassDef(bases=bases) if any(name_of(base) == "QThread" for base in bases):
                faults.append(f"{where}: QThread subclass")
            case ast.Attribute(attr="processEvents"):
                faults.append(f"{where}: processEvents")
            case ast.FunctionDef(name="instance"):
                faults.append(f"{where}: a singleton")
            case ast.Import(names=names) if DANGEROUS_IMPORTS & {alias.name for alias in names}:
                faults.append(f"{where}: unsafe import")
            case ast.ImportFrom(module=module) if module in DANGEROUS_IMPORTS:
                faults.append(f"{where}: unsafe import")
            case ast.Call(func=ast.Name(id=name)) if name in DANGEROUS_CALLS:
                faults.append(f"{where}: {name}")
            case ast.Call(func=ast.Attribute(attr="load", value=ast.Name(id="torch")), keywords=keywords):
                if not any(k.arg == "weights_only" and getattr(k.value, "value", False) is True for k in keywords):
                    faults.append(f"{where}: torch.load without weights_only=True")
            case ast.keyword(arg="allow_pickle" | "trust_remote_code", value=ast.Constant(value=True)):
                faults.append(f"{where}: {node.arg}")
    assert not faults


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_mutable_state_in_modules(path: Path) -> None:
    """Constant tables are written as tuples or, where a mapping reads better, in capitals and never changed."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            mutable = isinstance(node.value, MUTABLE) or (
                isinstance(node.value, ast.Call) and name_of(node.value.func) in MUTABLE_CALLS
            )
            constant = all(name_of(t).isupper() or name_of(t).strip("_").isupper() for t in targets)
            assert not mutable or constant or name_of(targets[0]) == "__all__", f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_capitals_are_never_changed(path: Path) -> None:
    changing = {"append", "extend", "insert", "update", "setdefault", "pop", "clear", "add", "remove", "discard"}
    for node in nodes(path):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id=name))) if attr in changing:
                assert not name.isupper(), f"{path}:{node.lineno}"
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]):
                assert not name.isupper(), f"{path}:{node.lineno}"


def is_view(path: Path) -> bool:
    return "from PySide6.QtWidgets import" in path.read_text(encoding="utf-8")


def test_views_of_one_room_never_import_those_of_another() -> None:
    """All may use `core`, `widgets` and `plots`; only `shell` sees all rooms."""
    gui = ROOT / "persian_mir_gui"
    views = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in gui.rglob("*.py") if is_view(path)
    }
    faults = []
    for name, path in views.items():
        room = name.split(".")[1]
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module in views:
                other = node.module.split(".")[1]
                if other not in (room, "core", "widgets", "plots") and room not in ("shell", "app"):
                    faults.append(f"{name} imports {node.module}")
    assert not faults


@pytest.mark.optional_import
def test_the_engine_does_not_import_the_heavy_libraries_at_once() -> None:
    """Start-up never waits for them; each is imported where it is first needed."""
    code = (
        "import sys; import persian_mir.predictor, persian_mir.commands.main, persian_mir.probes, persian_mir.models; "
        "print(sorted({'torch', 'transformers', 'onnxruntime', 'huggingface_hub', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
