"""The jobs that Dataflow would get: built, validated and staged by its own runner, then read back."""

import json
from pathlib import Path

import pytest

pytest.importorskip("google.cloud.dataflow", reason="needs the gcp extra")

from apache_beam.portability.api import beam_runner_api_pb2

from tests.deploy.conftest import BROKEN, BUCKET, IMAGE, ITEMS, Google, ObjectStore

GOLDEN = Path(__file__).parents[1] / "pipelines" / "labels.golden.txt"
MODES = ("ingest", "stream")
VALUE_PICKLERS = ("PickleCoder", "CloudpickleCoder", "DillCoder", "FastPrimitivesCoder")


def golden_labels(mode: str) -> set[str]:
    heading = {"ingest": "# batch", "stream": "# stream"}[mode]
    part = GOLDEN.read_text().partition(heading + "\n")[2].partition("\n# ")[0]
    return {line.removeprefix("label ") for line in part.splitlines() if line.startswith("label ")}


def display(job: dict) -> dict:
    return job["environment"]["sdkPipelineOptions"]["options"]


def staged_graph(store: ObjectStore, options: dict) -> beam_runner_api_pb2.Pipeline:
    address = options["pipelineUrl"]
    assert address.startswith(f"gs://{BUCKET}/dataflow/staging/")
    return beam_runner_api_pb2.Pipeline.FromString(store.get(address.removeprefix(f"gs://{BUCKET}/")))


@pytest.mark.parametrize("mode", MODES)
def test_job_is_built_validated_staged_and_right(mode, launcher, store, google):
    store.put("in/a.jsonl", (ITEMS + BROKEN).encode())
    done = launcher(mode, f"--template_location=gs://{BUCKET}/dataflow/{mode}.json", "--archive=true")
    assert done.code == 0, done.output
    job = json.loads(store.get(f"dataflow/{mode}.json"))
    options = display(job)

    assert job["name"] == f"wirelake-{mode}"
    assert job["type"] == {"ingest": "JOB_TYPE_BATCH", "stream": "JOB_TYPE_STREAMING"}[mode]
    assert options["streaming"] is (mode == "stream")
    assert options["save_main_session"] is False
    assert options["sdk_location"] == "container"
    assert options["temp_location"].startswith(f"gs://{BUCKET}/dataflow/temp")
    assert options["staging_location"].startswith(f"gs://{BUCKET}/dataflow/staging")
    assert {"use_runner_v2", "no_use_multiple_sdk_containers"} <= set(job["environment"]["experiments"])
    (pool,) = job["environment"]["workerPools"]
    assert job["environment"]["serviceAccountEmail"] == "workers@news-lake-test.iam.gserviceaccount.com"
    assert {one["containerImage"] for one in pool["sdkHarnessContainerImages"]} == {IMAGE}

    graph = staged_graph(store, options)
    components = graph.components
    labels = {one.unique_name for one in components.transforms.values()} - {""}
    ours = {name for name in golden_labels(mode) if not name.startswith("ListInputs/")}  # Create's own differ by length
    assert labels >= ours
    pickled = {name for name in components.coders if any(pickler in name for pickler in VALUE_PICKLERS)}
    assert not pickled, "a value of ours would be pickled"
    for environment in components.environments.values():
        payload = beam_runner_api_pb2.DockerPayload.FromString(environment.payload)
        assert payload.container_image == IMAGE
        staged = {
            beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(one.role_payload).staged_name
            for one in environment.dependencies
        }
        assert staged <= {"submission_environment_dependencies.txt"}, "the image holds everything but Beam's own note"
    windows = {one.trigger.WhichOneof("trigger") for one in components.windowing_strategies.values()}
    unbounded = [one for one in components.pcollections.values() if one.is_bounded == 1]
    assert bool(unbounded) is (mode == "stream")
    if mode == "stream":
        grouped = [one for one in components.transforms.values() if one.spec.urn == "beam:transform:group_by_key:v1"]
        strategies = {
            components.pcollections[name].windowing_strategy_id for one in grouped for name in one.inputs.values()
        }
        assert {components.windowing_strategies[name].trigger.WhichOneof("trigger") for name in strategies} <= {
            "always"
        }, f"a group without a trigger would wait for ever: {windows}"
    outside = [name for name in store.names() if not name.startswith(("in/", "lake-", "dataflow/"))]
    assert not outside, "nothing is staged where nobody looks"


def test_job_reaches_the_service(launcher, store, google: Google):
    store.put("in/a.jsonl", ITEMS.encode())
    done = launcher("ingest", f"--dataflow_endpoint={google.url}")
    assert done.code == 0, done.output
    (path, job), *more = google.posted
    assert not more
    assert path.startswith("/v1b3/projects/news-lake-test/locations/europe-west1/jobs")
    assert job["name"] == "wirelake-ingest"
    assert job["clientRequestId"]
    lines = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    submitted = [line for line in lines if line["message"].startswith("submitted ")]
    assert len(submitted) == 1 and submitted[0]["severity"] == "INFO"


def test_update_replaces_the_running_job_and_maps_steps(launcher, google: Google):
    google.jobs.append({"id": "old", "name": "wirelake-stream", "currentState": "JOB_STATE_RUNNING"})
    mapping = json.dumps({"OldStep": "ReadItems"})
    done = launcher("stream", f"--dataflow_endpoint={google.url}", "--update", f"--transform_name_mapping={mapping}")
    assert done.code == 0, done.output
    ((_, job),) = google.posted
    assert job["replaceJobId"] == "old"
    assert job["transformNameMapping"] == {"OldStep": "ReadItems"}


def test_update_of_a_job_that_does_not_run_is_told(launcher, google: Google):
    google.jobs.append({"id": "old", "name": "wirelake-stream", "currentState": "JOB_STATE_DRAINED"})
    done = launcher("stream", f"--dataflow_endpoint={google.url}", "--update")
    assert done.code != 0
    assert "--update: no job wirelake-stream runs in europe-west1" in done.output
    assert not google.posted


def test_wrong_parameter_ends_the_launcher_with_its_name(launcher):
    done = launcher("stream", flush="soon")
    assert done.code != 0
    assert "--flush" in done.output
