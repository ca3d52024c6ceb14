"""What the Terraform files promise, read from the files themselves; and the requests in them against our own."""

import json
import os
import re
import shutil
import subprocess

import pytest

from pipelines.launching import EXPERIMENTS, launch_request
from pipelines.template import MODE, MODES, container_spec, parameters
from schemas.tables import PARTITIONS
from tests.deploy.conftest import IMAGE, ROOT
from tests.deploy.test_launch import LAUNCH, UPDATE

hcl2 = pytest.importorskip("hcl2", reason="needs python-hcl2")

TOFU = os.environ.get("WIRELAKE_TOFU") or shutil.which("tofu") or shutil.which("terraform")

FOLDER = ROOT / "deploy" / "terraform"
GOLDEN = ROOT / "tests" / "pipelines" / "labels.golden.txt"


def plain(value: object) -> object:
    """A parsed value without the parser's own marks and quotes."""
    if isinstance(value, dict):
        return {plain(name): plain(inner) for name, inner in value.items() if not str(name).startswith("__")}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def parsed() -> dict[str, list]:
    found: dict[str, list] = {}
    for file in sorted(FOLDER.glob("*.tf")):
        with file.open(encoding="utf-8") as text:
            for kind, blocks in plain(hcl2.load(text)).items():
                found.setdefault(kind, []).extend(blocks)
    return found


@pytest.fixture(scope="module")
def terraform() -> dict[str, list]:
    return parsed()


@pytest.fixture(scope="module")
def resources(terraform) -> dict[tuple[str, str], dict]:
    return {
        (kind, name): body
        for block in terraform["resource"]
        for kind, named in block.items()
        for name, body in named.items()
    }


def locals_of(terraform) -> dict:
    return {name: value for block in terraform["locals"] for name, value in block.items()}


def keys(value: object, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {f"{path}.{name}" for name in value} | {k for n, v in value.items() for k in keys(v, f"{path}.{n}")}
    return set()


def roles(resources, account: str) -> set[tuple[str, str]]:
    return {
        (kind, body["role"])
        for (kind, _), body in resources.items()
        if kind.endswith("_iam_member") and f"google_service_account.{account}.member" in body["member"]
    }


@pytest.mark.skipif(not TOFU, reason="no tofu or terraform on PATH, and none named in WIRELAKE_TOFU")
def test_files_are_in_canonical_form():
    """Also finds what no parser of HCL takes; `validate` would need Google's provider."""
    done = subprocess.run(
        [TOFU, "fmt", "-check", "-diff", "-no-color", str(FOLDER)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["lake", "work"])
def test_buckets_are_closed_and_kept(resources, name):
    bucket = resources["google_storage_bucket", name]
    assert bucket["uniform_bucket_level_access"] is True
    assert bucket["public_access_prevention"] == "enforced"
    assert bucket["force_destroy"] is False


def test_the_lake_has_versions_and_no_rule_deletes_what_is_current(terraform, resources):
    assert locals_of(terraform)["lake"].endswith("/lake"), "the rules' prefixes are the lake's"
    bucket = resources["google_storage_bucket", "lake"]
    assert bucket["versioning"][0]["enabled"] is True
    covered = set()
    for rule in bucket["lifecycle_rule"]:
        action, condition = rule["action"][0]["type"], rule["condition"][0]
        if action == "Delete":
            assert set(condition) == {"days_since_noncurrent_time", "matches_prefix"}
            covered |= set(condition["matches_prefix"])
        else:
            assert action == "AbortIncompleteMultipartUpload"
    folders = {"_state", "_staging", "_raw", "_archive", *PARTITIONS}
    assert {f"lake/{folder}/" for folder in folders} <= covered


def test_a_stream_s_staged_files_outlive_the_rules(resources):
    rules = resources["google_storage_bucket", "work"]["lifecycle_rule"]
    assert [rule["condition"][0]["matches_prefix"] for rule in rules] == [["dataflow/temp/"]]


def test_accounts_have_what_they_need_and_no_more(resources):
    assert roles(resources, "worker") == {
        ("google_project_iam_member", "roles/dataflow.worker"),
        ("google_project_iam_member", "roles/dataflow.viewer"),
        ("google_storage_bucket_iam_member", "roles/storage.objectUser"),
        ("google_storage_bucket_iam_member", "roles/storage.legacyBucketReader"),
        ("google_storage_bucket_iam_member", "roles/storage.objectViewer"),
        ("google_secret_manager_secret_iam_member", "roles/secretmanager.secretAccessor"),
        ("google_pubsub_subscription_iam_member", "roles/pubsub.subscriber"),
        ("google_artifact_registry_repository_iam_member", "roles/artifactregistry.reader"),
    }
    assert roles(resources, "scheduler") == {
        ("google_project_iam_member", "roles/dataflow.developer"),
        ("google_service_account_iam_member", "roles/iam.serviceAccountUser"),
        ("google_storage_bucket_iam_member", "roles/storage.objectViewer"),
    }
    every = json.dumps([body for (kind, _), body in resources.items() if "iam" in kind])
    assert not re.search(r"roles/(owner|editor|viewer|storage\.admin|[a-z]+\.admin)\b", every)
    assert not any("_iam_binding" in kind or "_iam_policy" in kind for kind, _ in resources), "others' grants stay"


def test_scheduler_posts_what_deploy_sends(terraform, resources):
    target = resources["google_cloud_scheduler_job", "ingest"]["http_target"][0]
    assert target["http_method"] == "POST"
    assert target["uri"].endswith("/locations/${var.region}/flexTemplates:launch")
    assert re.sub(r"\s", "", target["body"]) == "${base64encode(jsonencode(local.launch_ingest))}"
    assert target["oauth_token"][0]["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    body = locals_of(terraform)["launch_ingest"]
    ours = launch_request(LAUNCH)
    known = {f".launchParameter.parameters.{one.name}" for one in parameters("ingest")} | {
        f".launchParameter.parameters.{MODE}"
    }
    variable = ".launchParameter.parameters."
    assert {k for k in keys(body) if not k.startswith(variable)} == {
        k for k in keys(ours) if not k.startswith(variable)
    }
    assert {k for k in keys(body) if k.startswith(variable)} <= known
    given = body["launchParameter"]["parameters"]
    assert given[MODE] == "ingest"
    assert all(given.get(one.name) for one in parameters("ingest") if not one.optional)
    assert tuple(locals_of(terraform)["experiment"]) == EXPERIMENTS


def test_stream_is_what_deploy_sends(resources):
    job = resources["google_dataflow_flex_template_job", "stream"]
    ours = launch_request(UPDATE)["launchParameter"]
    assert job["name"] == ours["jobName"]
    assert job["parameters"][MODE] == "stream"
    assert set(job["parameters"]) <= {MODE, *(one.name for one in parameters("stream"))}
    assert all(job["parameters"].get(one.name) for one in parameters("stream") if not one.optional)
    assert job["enable_streaming_engine"] is ours["environment"]["enableStreamingEngine"]
    assert job["on_delete"] == "drain", "what was pulled is written before the job goes"
    assert job["provider"].strip("${}") == "google-beta"


def test_only_one_of_batch_and_stream_writes(resources):
    counts = {
        name: re.sub(r"\s", "", resources[name]["count"])
        for name in (("google_cloud_scheduler_job", "ingest"), ("google_dataflow_flex_template_job", "stream"))
    }
    for (_, mode), count in counts.items():
        assert re.fullmatch(r"\$\{var\.mode==\\?\"" + mode + r"\\?\"\?1:0\}", count)


@pytest.mark.parametrize("mode", MODES)
def test_template_file_has_the_shape_of_ours(mode):
    text = (FOLDER / "storage.tf").read_text()
    spec = container_spec(mode, IMAGE)
    block = text[text.index("jsonencode({") : text.index("})", text.index("jsonencode({"))]
    assert set(re.findall(r"^\s{6}(\w+)\s+=", block, re.MULTILINE)) == set(spec)
    assert "metadata-${mode}.json" in block


def test_image_is_named_by_digest(terraform):
    (image,) = (block["image"] for block in terraform["variable"] if "image" in block)
    condition = image["validation"][0]["condition"]
    assert "@sha256:[0-9a-f]{64}$" in condition
    assert re.search(r"@sha256:[0-9a-f]{64}$", IMAGE)


def test_bigquery_reads_the_hive_partitions(terraform, resources):
    """Every table, its partition columns as the lake writes them: the date typed, the topic text."""
    types = {"date": "DATE", "topic": "STRING"}
    tables = locals_of(terraform)["tables"]
    wanted = {name: "/".join(f"{{{key}:{types[key]}}}" for key in keys) for name, keys in PARTITIONS.items()}
    assert {name: table["partitions"] for name, table in tables.items()} == wanted
    table = resources["google_bigquery_table", "lake"]
    assert table["table_id"] == "${each.key}"
    data = table["external_data_configuration"][0]
    assert data["source_format"] == "PARQUET"
    assert data["source_uris"] == ["${local.lake}/${each.key}/*"]
    hive = data["dynamic"][0]["hive_partitioning_options"]["content"][0]
    assert hive["mode"] == "CUSTOM"
    assert hive["source_uri_prefix"] == "${local.lake}/${each.key}/${hive_partitioning_options.value}"
    assert data["parquet_options"][0]["enable_list_inference"] is True
    (choice,) = (block["bigquery_tables"] for block in terraform["variable"] if "bigquery_tables" in block)
    assert set(re.findall(r'"(\w+)"', choice["validation"][0]["condition"].replace("\\", ""))) == set(PARTITIONS)


SERVICE_METRICS = {"is_failed", "system_lag", "data_watermark_age", "user_counter"}
"""What alerts use of Dataflow's own metrics (dataflow.googleapis.com/job/…), as Cloud Monitoring's list names them."""


def queries_of(policy: dict, terraform) -> list[str]:
    counter = locals_of(terraform)["counter"]
    found = [one["condition_prometheus_query_language"][0]["query"] for one in policy["conditions"]]
    return [query.replace("\\", "").replace("${local.counter}", counter) for query in found]


def test_alerts_watch_metrics_that_exist(terraform, resources):
    """Counters that steps declare, of steps that have them, on the jobs that Terraform launches."""
    golden = GOLDEN.read_text()
    counters = {line.rpartition(":")[2] for line in golden.partition("# metrics\n")[2].splitlines()}
    labels = {line.removeprefix("label ") for line in golden.splitlines() if line.startswith("label ")}
    jobs = {resources["google_dataflow_flex_template_job", "stream"]["name"]}
    jobs.add(locals_of(terraform)["launch_ingest"]["launchParameter"]["jobName"])
    policies = {name: body for (kind, name), body in resources.items() if kind == "google_monitoring_alert_policy"}
    assert set(policies) == {"freshness", "failures", "backlog"}
    for name, policy in policies.items():
        queries = queries_of(policy, terraform)
        assert queries, name
        for query in queries:
            series = re.findall(r"dataflow_googleapis_com:job_(\w+)\{([^}]*)\}", query)
            assert series and len(series) == query.count("dataflow_googleapis_com"), query
            for metric, text in series:
                assert metric in SERVICE_METRICS, query
                chosen = dict(re.findall(r'(\w+)=~?"([^"]*)"', text))
                assert set(chosen) <= {"metric_name", "ptransform", "job_name"}
                assert any(re.fullmatch(chosen["job_name"], job) for job in jobs), query
                if metric == "user_counter":
                    assert chosen["metric_name"] in counters, query
                assert any(re.fullmatch(chosen.get("ptransform", ".*"), label) for label in labels), query
        assert policy["notification_channels"]
        assert "runbook.md" in policy["documentation"][0]["content"]


def test_each_alert_has_its_source():
    """Freshness from committed polls, failures from what was read, backlog from what was pulled and not committed."""
    text = {
        name: (FOLDER / "alerts.tf").read_text().partition(f'"{name}"')[2].partition("documentation")[0]
        for name in ("freshness", "failures", "backlog")
    }
    assert 'metric_name=\\"polls\\"' in text["freshness"] and "data_watermark_age" in text["freshness"]
    assert (
        all(f'metric_name=\\"{one}\\"' in text["failures"] for one in ("failures", "items"))
        and "is_failed" in text["failures"]
    )
    assert (
        all(f'metric_name=\\"{one}\\"' in text["backlog"] for one in ("documents", "polls"))
        and "system_lag" in text["backlog"]
    )


def test_every_variable_is_described_and_used(terraform):
    text = "".join(file.read_text() for file in FOLDER.glob("*.tf"))
    for block in terraform["variable"]:
        for name, body in block.items():
            assert body["description"], name
            assert re.search(rf"\bvar\.{name}\b", text), name
