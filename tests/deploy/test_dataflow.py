"""The jobs that Dataflow would get: built, validated and staged by its own runner, then read back."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("google.cloud.dataflow", reason="needs the gcp extra")

from apache_beam.portability.api import beam_runner_api_pb2

from tests.deploy.conftest import BROKEN, BUCKET, IMAGE, ITEMS, Google

GOLDEN = Path(__file__).parents[1] / "pipelines" / "labels.golden.txt"
MODES = ("ingest", "stream")
OUR_CODERS = {"MessageCoder"}
BEAM_CODERS = {"TimestampCoder", "PaneInfoCoder"}
"""Coders that travel as a pickled reference to their class and code values in a form of their own. Any other pickled
coder would pickle the values, or be of nobody's choice."""


def golden_labels(mode: str) -> set[str]:
    heading = {"ingest": "# batch", "stream": "# stream"}[mode]
    part = GOLDEN.read_text().partition(heading + "\n")[2].partition("\n# ")[0]
    return {line.removeprefix("label ") for line in part.splitlines() if line.startswith("label ")}


def display(job: dict) -> dict:
    return job["environment"]["sdkPipelineOptions"]["options"]


def check_job(mode: str, job: dict) -> None:
    """What the service is told around the graph."""
    options, environment = display(job), job["environment"]
    assert job["name"] == f"wirelake-{mode}"
    assert job["type"] == {"ingest": "JOB_TYPE_BATCH", "stream": "JOB_TYPE_STREAMING"}[mode]
    assert environment["version"]["job_type"] == {"ingest": "FNAPI_BATCH", "stream": "FNAPI_STREAMING"}[mode]
    assert options["streaming"] is (mode == "stream")
    assert options["save_main_session"] is False
    assert options["sdk_location"] == "container"
    folder = re.escape(f"wirelake-{mode}.") + r"[\d.]+"
    assert re.fullmatch(f"gs://{BUCKET}/dataflow/temp/{folder}", options["temp_location"])
    assert re.fullmatch(f"gs://{BUCKET}/dataflow/staging/{folder}", options["staging_location"])
    assert environment["tempStoragePrefix"] == options["temp_location"].replace("gs://", "storage.googleapis.com/")
    experiments = set(environment["experiments"])
    assert {"use_runner_v2", "no_use_multiple_sdk_containers"} <= experiments
    assert "use_multiple_sdk_containers" not in experiments
    assert ("enable_streaming_engine" in experiments) is (mode == "stream")
    assert environment["serviceAccountEmail"] == "workers@news-lake-test.iam.gserviceaccount.com"
    (pool,) = environment["workerPools"]
    assert pool["workerHarnessContainerImage"] == IMAGE
    assert {one["containerImage"] for one in pool["sdkHarnessContainerImages"]} == {IMAGE}
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 4
    assert {one["name"] for one in pool["packages"]} <= {STAGED_NOTE}


STAGED_NOTE = "submission_environment_dependencies.txt"
"""Beam's own list of what is installed; the image holds everything else, so nothing else is staged."""


def check_graph(mode: str, graph: beam_runner_api_pb2.Pipeline) -> None:
    components = graph.components
    labels = {one.unique_name for one in components.transforms.values()}
    # the root has a name of Beam's; Create reshuffles where it has more than one element
    known = {name for name in labels if not name.startswith("ref_")} | {"ListInputs/MaybeReshuffle"}
    assert known == golden_labels(mode) | {"ListInputs/MaybeReshuffle"}
    pickled = {
        name.removeprefix("ref_Coder_").rpartition("_")[0]
        for name, coder in components.coders.items()
        if coder.spec.urn == "beam:coder:pickled_python:v1"
    }
    assert pickled <= OUR_CODERS | BEAM_CODERS, "a value would be pickled, or its coder was chosen by nobody"
    assert pickled >= OUR_CODERS, "the graph is read as it was staged"
    for environment in components.environments.values():
        payload = beam_runner_api_pb2.DockerPayload.FromString(environment.payload)
        assert payload.container_image == IMAGE
        staged = {
            beam_runner_api_pb2.ArtifactStagingToRolePayload.FromString(one.role_payload).staged_name
            for one in environment.dependencies
        }
        assert staged <= {STAGED_NOTE}


def check_groups(mode: str, graph: beam_runner_api_pb2.Pipeline) -> None:
    """Nothing waits for the end of what has none."""
    components = graph.components
    unbounded = {name for name, one in components.pcollections.items() if one.is_bounded == UNBOUNDED}
    assert bool(unbounded) is (mode == "stream")
    groups = [one for one in components.transforms.values() if one.spec.urn == "beam:transform:group_by_key:v1"]
    assert groups, "the graph is read as it was staged"
    for name in (name for one in groups for name in one.inputs.values() if name in unbounded):
        strategy = components.windowing_strategies[components.pcollections[name].windowing_strategy_id]
        assert strategy.trigger.WhichOneof("trigger") == "always", f"{name} would wait for ever"


def check_the_checks(mode: str, data: bytes) -> None:
    """What the checks above are there for makes them fail."""

    def spoilt(spoil: Callable[[beam_runner_api_pb2.Pipeline], object]) -> beam_runner_api_pb2.Pipeline:
        graph = beam_runner_api_pb2.Pipeline.FromString(data)
        spoil(graph)
        return graph

    def rename(graph):
        next(t for t in graph.components.transforms.values() if t.unique_name == "ReadItems/Read").unique_name = "Read"

    def pickle(graph):
        graph.components.coders["ref_Coder_FastPrimitivesCoder_99"].spec.urn = "beam:coder:pickled_python:v1"

    def wait(graph):
        for strategy in graph.components.windowing_strategies.values():
            strategy.trigger.default.SetInParent()

    for spoil in (rename, pickle):
        with pytest.raises(AssertionError):
            check_graph(mode, spoilt(spoil))
    if mode == "stream":
        with pytest.raises(AssertionError):
            check_groups(mode, spoilt(wait))


UNBOUNDED = beam_runner_api_pb2.IsBounded.UNBOUNDED


@pytest.mark.parametrize("mode", MODES)
def test_job_is_built_validated_staged_and_right(mode, launcher, store, google):
    store.put("in/a.jsonl", (ITEMS + BROKEN).encode())
    before = set(store.names())
    done = launcher(mode, f"--template_location=gs://{BUCKET}/dataflow/{mode}.json", "--archive=true")
    assert done.code == 0, done.output
    job = json.loads(store.get(f"dataflow/{mode}.json"))
    check_job(mode, job)
    options = display(job)
    assert options["pipelineUrl"] == f"{options['staging_location']}/pipeline.pb"
    data = store.get(options["pipelineUrl"].removeprefix(f"gs://{BUCKET}/"))
    assert options["pipelineProtoHash"] == hashlib.sha256(data).hexdigest()
    graph = beam_runner_api_pb2.Pipeline.FromString(data)
    check_graph(mode, graph)
    check_groups(mode, graph)
    check_the_checks(mode, data)
    staging = options["staging_location"].removeprefix(f"gs://{BUCKET}/")
    made = {f"dataflow/{mode}.json", f"lake-{mode}/_lake.json", f"{staging}/pipeline.pb", f"{staging}/{STAGED_NOTE}"}
    assert set(store.names()) - before <= made, "nothing is staged where nobody looks"


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
