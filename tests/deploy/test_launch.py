"""The launch request against Google's published description of it; the template's parameters against our options."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.commands import ingest, stream
from pipelines.config import ConfigError
from pipelines.launcher import config_of, split_arguments
from pipelines.launching import Launch, launch_request, launch_url
from pipelines.template import MODES, command_line, container_spec, metadata, parameters
from tests.deploy.conftest import IMAGE, ROOT

LAUNCH = Launch(
    mode="ingest",
    project="news-lake-test",
    region="europe-west1",
    job="wirelake-ingest",
    template="gs://news-bucket/templates/ingest.json",
    service_account="workers@news-lake-test.iam.gserviceaccount.com",
    staging="gs://news-bucket/dataflow",
    subnetwork="regions/europe-west1/subnetworks/jobs",
    values={"sources": "gs://wire/feeds.yaml", "output": "gs://wire/lake", "due": "true"},
)
UPDATE = replace(
    LAUNCH,
    mode="stream",
    job="wirelake-stream",
    image=IMAGE,
    update=True,
    mapping={"Old": "ReadItems"},
    values={"sources": "https://coast.example/rss", "output": "gs://wire/lake", "flush": "2m"},
)

NOT_IN_TEMPLATE = {
    "workers": "one Python process per machine reads on all of its cores",
    "every": "a scheduler launches anew",
    "help": "of the command line only",
}
"""Options that make no sense for a job on Dataflow."""


def discovery() -> dict:
    client = pytest.importorskip("googleapiclient", reason="needs google-api-python-client")
    folder = Path(client.__file__).parent / "discovery_cache" / "documents"
    return json.loads((folder / "dataflow.v1b3.json").read_text())


def faults(value: object, schema: dict, schemas: dict, path: str = "") -> list[str]:
    """What a strict reader of a discovery schema would refuse: unknown fields, wrong types, unknown words."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return [f"{path}: no object"]
        known, rest = schema.get("properties", {}), schema.get("additionalProperties")
        found = []
        for name, inner in value.items():
            if name in known:
                found += faults(inner, known[name], schemas, f"{path}.{name}")
            elif rest:
                found += faults(inner, rest, schemas, f"{path}.{name}")
            else:
                found.append(f"{path}.{name}: unknown")
        return found
    if kind == "array":
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [fault for n, one in enumerate(value) for fault in faults(one, schema["items"], schemas, f"{path}[{n}]")]
    if kind == "boolean":
        right = isinstance(value, bool)
    elif kind == "integer":
        right = isinstance(value, int) and not isinstance(value, bool)
    elif kind == "string":
        right = isinstance(value, str) and ("enum" not in schema or value in schema["enum"])
    else:
        right = kind == "any"
    return [] if right else [f"{path}: {value!r} is no {kind}"]


@pytest.mark.parametrize("launch", [LAUNCH, UPDATE, replace(LAUNCH, subnetwork=None)])
def test_request_is_what_google_publishes(launch):
    document = discovery()
    method = document["resources"]["projects"]["resources"]["locations"]["resources"]["flexTemplates"]["methods"]
    schema = document["schemas"][method["launch"]["request"]["$ref"]]
    body = json.loads(json.dumps(launch_request(launch, validate_only=True)))
    assert faults(body, schema, document["schemas"]) == []
    address = method["launch"]["path"].format(projectId=launch.project, location=launch.region)
    assert launch_url(launch) == document["rootUrl"] + address


def test_the_check_is_strict():
    document = discovery()
    schema = document["schemas"]["LaunchFlexTemplateRequest"]
    for broken in (
        {"launchParameters": {}},
        {"launchParameter": {"environment": {"maxWorkers": "4"}}},
        {"launchParameter": {"environment": {"ipConfiguration": "PRIVATE"}}},
        {"launchParameter": {"parameters": {"archive": True}}},
        {"validateOnly": "no"},
    ):
        assert faults(broken, schema, document["schemas"])


@pytest.mark.parametrize("mode", MODES)
def test_template_file_is_what_google_publishes(mode):
    schemas = discovery()["schemas"]
    assert faults(container_spec(mode, IMAGE), schemas["ContainerSpec"], schemas) == []


@pytest.mark.parametrize("mode", MODES)
def test_metadata_files_are_generated(mode):
    file = ROOT / "deploy" / f"metadata-{mode}.json"
    assert json.loads(file.read_text()) == metadata(mode), "run: python -m pipelines.template deploy"


@pytest.mark.parametrize(("mode", "command"), [("ingest", ingest), ("stream", stream)])
def test_parameters_are_the_options_one_to_one(mode, command):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    actions = {action.dest: action for action in parser._actions if action.dest not in NOT_IN_TEMPLATE}
    known = {one.name: one for one in parameters(mode)}
    assert set(known) == set(actions)
    for name, action in actions.items():
        needed = action.required if action.option_strings else action.nargs == "+"
        assert known[name].optional is not needed, name
        assert known[name].flag is (action.nargs == 0), name
        assert known[name].many is (action.nargs == "+" or isinstance(action, argparse._AppendAction)), name


def test_parameters_become_the_run_they_name():
    config = config_of(
        "stream",
        {
            "sources": "gs://wire/a.yaml,https://coast.example/rss?a=1",
            "output": "gs://wire/lake",
            "archive": "true",
            "now": "false",
            "allow_private": "10.0.0.0/8,fd00::/8",
            "flush": "2m",
            "host_gap": "3s",
        },
    )
    assert config.sources == ("gs://wire/a.yaml", "https://coast.example/rss?a=1")
    assert config.archive and not config.pull.now
    assert config.pull.allow_private == ("10.0.0.0/8", "fd00::/8")
    assert config.flush.total_seconds() == 120
    assert config.pull.host_gap.total_seconds() == 3
    assert not config.pull.due_only
    assert config_of("ingest", {"sources": "x", "output": "y", "due": "true"}).pull.due_only


@pytest.mark.parametrize(
    "source",
    [
        "gs://wire/feeds.yaml",
        "gs://wire/in/*.xml",
        "https://coast.example/rss?a=1&b=%2C2",
        "pubsub://news-lake-test/wire",
        "gs://wire/a.yaml,pubsub://news-lake-test/wire,https://coast.example/rss",
    ],
)
def test_the_template_takes_every_kind_of_source(source):
    launch = replace(UPDATE, values={**UPDATE.values, "sources": source})
    assert launch_request(launch)["launchParameter"]["parameters"]["sources"] == source
    assert config_of("stream", launch.values).sources == tuple(source.split(","))


def test_no_parameter_can_become_an_option():
    words = command_line("ingest", {"sources": "--output=gs://other/lake", "output": "gs://wire/lake"})
    assert words[-2:] == ["--", "--output=gs://other/lake"]


def test_arguments_are_shared_between_us_and_beam():
    words = ["--mode=stream", "--output=gs://b/l", "--flush=1m", "--due=true", "--runner=DataflowRunner", "--update"]
    mode, values, rest = split_arguments(words)
    assert mode == "stream"
    assert values == {"output": "gs://b/l", "flush": "1m"}
    assert rest == ["--due=true", "--runner=DataflowRunner", "--update"]
    with pytest.raises(ConfigError, match="--mode"):
        split_arguments(["--output=gs://b/l"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"job": "Wire_Lake"}, "--job"),
        ({"update": True}, "--update"),
        ({"mapping": {"a": "b"}}, "--map"),
        ({"template": "templates/ingest.json"}, "--template"),
        ({"staging": "s3://work"}, "--staging"),
        ({"max_workers": 0}, "--max-workers"),
        ({"values": {"output": "gs://wire/lake"}}, "sources"),
        ({"values": {**LAUNCH.values, "flush": "2m"}}, "flush"),
        ({"values": {**LAUNCH.values, "shards": "0"}}, "shards"),
        ({"values": {**LAUNCH.values, "output": "/tmp/lake"}}, "output"),
    ],
)
def test_what_cannot_be_right_is_named(change, named):
    with pytest.raises(ConfigError, match=named):
        launch_request(replace(LAUNCH, **change))


def test_dry_run_prints_the_request_and_sends_nothing(capsys, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere")
    words = (
        "deploy ingest --project news-lake-test --region europe-west1 --template gs://news-bucket/templates/ingest.json"
    )
    words += " --service-account workers@news-lake-test.iam.gserviceaccount.com --staging gs://news-bucket/dataflow/"
    words += " --subnetwork regions/europe-west1/subnetworks/jobs --dry-run"
    sets = [f"--set={name}={value}" for name, value in LAUNCH.values.items()]
    assert main([*words.split(), *sets]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"url": launch_url(LAUNCH), "body": launch_request(LAUNCH)}


def test_a_wrong_pair_ends_with_2_and_says_which(capsys):
    words = "deploy ingest --project p --region r --template gs://news-bucket/t --service-account w --staging gs://news-bucket"
    assert main([*words.split(), "--set", "sources"]) == 2
    assert "--set: 'sources' is not NAME=VALUE" in capsys.readouterr().err


def test_send_posts_with_the_callers_credentials(google, monkeypatch):
    pytest.importorskip("google.auth", reason="needs the gcp extra")
    from pipelines import launching

    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key))
    monkeypatch.setattr(launching, "ENDPOINT", google.url)
    assert launching.send(LAUNCH)["id"] == "job-1"
    ((path, body),) = google.posted
    assert path == "/v1b3/projects/news-lake-test/locations/europe-west1/flexTemplates:launch"
    assert body == launch_request(LAUNCH)
