"""The house stands: rooms do not import each other, schemas import no room, Beam stays in the glue."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("pull", "parse", "enrich", "dedupe", "write")
MODULES = sorted(
    path
    for top in ("schemas", "transforms", "pipelines")
    for path in (ROOT / top).rglob("*.py")
    if path.name != "train.py"
)
BEAM_GLUE = {
    "steps.py",
    "build.py",
    "coders.py",
    "runners.py",
    "ingest.py",
    "streaming.py",
    "watching.py",
    "jobs.py",
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def in_package(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(package + ".")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_walls(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    found = imports(path)
    if parts[0] == "schemas":
        assert not in_package(found, "transforms") | in_package(found, "pipelines") | in_package(found, "apache_beam")
    if parts[0] == "transforms":
        assert not in_package(found, "pipelines")
        room = parts[1] if len(parts) > 2 else ""
        for other in (*ROOMS, "lake"):
            if other == room or (other == "lake" and room != "lake" and room):
                continue
            assert not in_package(found, f"transforms.{other}"), f"{room} reaches into {other}"
        assert not in_package(found, "apache_beam"), "the glue is pipelines/steps.py"
    if parts[0] == "pipelines" and in_package(found, "apache_beam"):
        assert path.name in BEAM_GLUE


def test_the_walls_are_really_looked_at() -> None:
    assert len(MODULES) > 40
    assert "apache_beam" in imports(ROOT / "pipelines" / "steps.py")
