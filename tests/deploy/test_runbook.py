"""The runbook followed word by word from a fresh copy: wirelake is real, the cloud's own programs are stand-ins."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pipelines.cli import COMMANDS, main
from tests.deploy.conftest import IMAGE, ITEMS, ROOT
from tests.deploy.test_launch import discovery, faults

hcl2 = pytest.importorskip("hcl2", reason="needs python-hcl2")

BOOK = (ROOT / "deploy" / "runbook.md").read_text(encoding="utf-8")
FOLDER = ROOT / "deploy" / "terraform"
SHELL = re.findall(r"^```sh\n(.*?)^```", BOOK, re.DOTALL | re.MULTILINE)
OUTPUTS = {
    "templates": {mode: f"gs://my-news-work/templates/{mode}-0123.json" for mode in ("ingest", "stream")},
    "worker": "wirelake-worker@my-project.iam.gserviceaccount.com",
}
STAND_IN = """#!{python}
import json, os, sys
name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps([name, *words]) + "\\n")
if name == "git":
    print("abc1234")
elif name == "docker" and words[0] == "inspect":
    print({image!r})
elif name == "terraform" and "output" in words:
    print({worker!r} if "-raw" in words else json.dumps({templates!r}))
elif name == "jq":
    print(json.load(sys.stdin)[words[-1].removeprefix(".")])
"""


@pytest.fixture
def followed(on_store, tmp_path: Path) -> tuple[list[list[str]], str, Path]:
    """What the programs were called with, what was printed, and where: all shell blocks in one go, the first error ends it."""
    body = json.dumps({"name": "my-news-lake"}).encode()
    address = f"{on_store.backend}/storage/v1/b"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()
    (tmp_path / "items.jsonl").write_text(ITEMS)
    first = ["ingest", str(tmp_path / "items.jsonl"), "--output", "gs://my-news-lake/lake", "--archive"]
    assert main([*first, "--workers", "1"]) == 0

    programs = tmp_path / "bin"
    programs.mkdir()
    log = tmp_path / "log.jsonl"
    text = STAND_IN.format(python=sys.executable, log=str(log), image=IMAGE, **OUTPUTS)
    for name in ("git", "docker", "terraform", "gcloud", "jq"):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (programs / "wirelake").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pipelines.cli "$@"\n')
    (programs / "wirelake").chmod(0o755)
    here = tmp_path / "clone"
    (here / "deploy" / "terraform").mkdir(parents=True)
    for name in ("cat", "sed"):
        (programs / name).symlink_to(shutil.which(name))
    # nothing else is on PATH and no credentials can be found: what is followed here must never reach a cloud
    environment = {
        "PATH": str(programs),
        "HOME": str(tmp_path),
        "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere",
        "STORAGE_EMULATOR_HOST": on_store.url,
        "NO_GCE_CHECK": "true",
        "PYTHONPATH": str(ROOT),
        "JOB_ID": "2026-02-17_job",
        "GENERATION": "1",
    }
    done = subprocess.run(
        [shutil.which("bash"), "-euo", "pipefail", "-c", "\n".join(SHELL)],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in log.read_text().splitlines()], done.stdout, here


def test_every_step_works_and_says_what_it_should(followed):
    calls, printed, here = followed
    # the cloud's programs in the order of a first launch
    order = [" ".join(call[:2]) for call in calls if call[0] in {"docker", "terraform", "gcloud"}]
    wanted = ["gcloud services", "docker build", "docker push", "terraform -chdir=deploy/terraform", "gcloud dataflow"]
    assert [order.index(one) for one in wanted[:3]] == sorted(order.index(one) for one in wanted[:3])
    assert set(wanted) <= set(order)
    applied = [call for call in calls if call[0] == "terraform" and "apply" in call]
    assert any(word.startswith("-target=google_artifact_registry_repository.") for word in applied[0])
    pushed = next(n for n, call in enumerate(calls) if call[:2] == ["docker", "push"])
    assert calls.index(applied[0]) < pushed < calls.index(applied[-1]), "the registry, the image, the rest"
    # every path that they are given is there
    for call in calls:
        for word in call:
            if word.startswith(("deploy/", "-chdir=deploy/")):
                assert (ROOT / word.removeprefix("-chdir=")).exists(), call
    # requests are what Google publishes
    decoder = json.JSONDecoder()
    requests = [decoder.raw_decode(printed[at.start() :])[0] for at in re.finditer(r"^\{\n", printed, re.MULTILINE)]
    schemas = discovery()["schemas"]
    assert len(requests) == printed.count("flexTemplates:launch") == 4
    for one in requests:
        assert faults(one["body"], schemas["LaunchFlexTemplateRequest"], schemas) == []
    assert [one["body"]["launchParameter"].get("update", False) for one in requests] == [False, False, True, True]
    assert "files           all whole" in printed
    assert "archive" in printed
    check_variables(here)


def check_variables(here: Path) -> None:
    """Those given are declared, and all that have no default are given."""
    with (here / "deploy" / "terraform" / "terraform.tfvars").open(encoding="utf-8") as text:
        given = {name: value for name, value in hcl2.load(text).items() if not name.startswith("__")}
    with (FOLDER / "variables.tf").open(encoding="utf-8") as text:
        known = {name.strip('"'): body for block in hcl2.load(text)["variable"] for name, body in block.items()}
    assert set(given) <= set(known)
    assert {name for name, body in known.items() if "default" not in body} <= set(given)
    assert str(given["image"]).strip('"') == IMAGE


def test_it_has_what_alerts_send_people_to():
    for file in FOLDER.glob("*.tf"):
        for heading in re.findall(r"See deploy/runbook\.md, ([^.\"]+)\.", file.read_text()):
            assert re.search(rf"^#+ {re.escape(heading)}$", BOOK, re.MULTILINE), heading


def test_it_has_every_task():
    headings = set(re.findall(r"^## (.+)$", BOOK, re.MULTILINE))
    assert {"Build", "Launch", "Update", "Drain", "Roll back", "Replay", "Purge", "Cost"} <= headings
    used = set(re.findall(r"^\s*wirelake (\w+)", "\n".join(SHELL), re.MULTILINE))
    assert {"deploy", "replay", "purge", "compact", "state"} <= used <= set(COMMANDS)


def test_names_that_it_tells_of_exist():
    """Paths, log lines, metrics and variables in its prose."""
    for path in re.findall(r"`((?:deploy|tests|pipelines)/[\w./-]+)`", BOOK):
        assert (ROOT / path).exists(), path
    for name in re.findall(r"`(\w+\.tf)`", BOOK):
        assert (FOLDER / name).exists(), name
    variables = (FOLDER / "variables.tf").read_text()
    for name in ("stale_minutes", "max_workers", "bigquery_tables", "secrets", "mode", "subscriptions"):
        assert f"`{name}" in BOOK and f'variable "{name}"' in variables, name
