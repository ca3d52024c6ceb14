"""The request that launches a flex template: built, checked, sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.config import ConfigError
from pipelines.template import MODE, parameters

JOB_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
"""What Dataflow takes; a streaming job keeps its name for life, because updates find it by that."""

ENDPOINT = "https://dataflow.googleapis.com"
EXPERIMENTS = ("use_runner_v2", "no_use_multiple_sdk_containers")
"""Portable runner; one Python process per machine, which keeps the politeness clock and starts readers on all cores."""

SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch.

    Attributes:
        mode: ingest or stream.
        project: Google Cloud project.
        region: of the job.
        job: its name.
        template: gs:// path of the template file.
        image: of the workers, or None for the template's own.
        service_account: e-mail of the workers' account.
        staging: gs:// folder for staging and temporary files.
        subnetwork: for workers without public addresses, or None.
        max_workers: upper bound of autoscaling.
        update: replace the running job of this name.
        mapping: old step names to new ones, for an update.
        values: template parameters.
    """

    mode: str
    project: str
    region: str
    job: str
    template: str
    service_account: str
    staging: str
    image: str | None = None
    subnetwork: str | None = None
    max_workers: int = 4
    update: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


def launch_url(launch: Launch) -> str:
    """Where the request goes."""
    return f"{ENDPOINT}/v1b3/projects/{launch.project}/locations/{launch.region}/flexTemplates:launch"


def launch_request(launch: Launch, *, validate_only: bool = False) -> dict[str, Any]:
    """The body of ``projects.locations.flexTemplates.launch``.

    Args:
        launch: what to launch.
        validate_only: let the service check it and start nothing.

    Raises:
        ConfigError: a name, a path or a parameter cannot be right; the message names it.
    """
    _check(launch)
    environment: dict[str, Any] = {
        "serviceAccountEmail": launch.service_account,
        "stagingLocation": f"{launch.staging}/staging",
        "tempLocation": f"{launch.staging}/temp",
        "maxWorkers": launch.max_workers,
        "enableStreamingEngine": launch.mode == "stream",
        "additionalExperiments": list(EXPERIMENTS),
        "additionalUserLabels": {"app": "wirelake", "mode": launch.mode},
        "ipConfiguration": "WORKER_IP_PRIVATE" if launch.subnetwork else "WORKER_IP_PUBLIC",
    }
    if launch.image:
        environment["sdkContainerImage"] = launch.image
    if launch.subnetwork:
        environment["subnetwork"] = launch.subnetwork
    parameter: dict[str, Any] = {
        "jobName": launch.job,
        "containerSpecGcsPath": launch.template,
        "parameters": {MODE: launch.mode, **launch.values},
        "environment": environment,
    }
    if launch.update:
        parameter["update"] = True
        parameter["transformNameMappings"] = dict(launch.mapping)
    return {"launchParameter": parameter, "validateOnly": validate_only}


def _check(launch: Launch) -> None:
    if launch.max_workers < 1:
        raise ConfigError(f"--max-workers: {launch.max_workers} is less than 1")
    if launch.mapping and not launch.update:
        raise ConfigError("--map: renames steps of a running job; it goes with --update")
    if not JOB_NAME.fullmatch(launch.job):
        raise ConfigError(f"--job: {launch.job!r} is no job name; write lower-case letters, digits and hyphens")
    if launch.update and launch.mode != "stream":
        raise ConfigError("--update: only a streaming job can be updated; a batch job is launched anew")
    for option, value in (("--template", launch.template), ("--staging", launch.staging)):
        if not re.fullmatch(r"gs://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](/.*)?", value):
            raise ConfigError(f"{option}: {value!r} is no gs:// path")
    known = {one.name: one for one in parameters(launch.mode)}
    for name, value in launch.values.items():
        if name not in known:
            raise ConfigError(f"{name}: no parameter of the {launch.mode} template; known are {', '.join(known)}")
        if not re.fullmatch(known[name].regex, value):
            raise ConfigError(f"{name}: {value!r} cannot be right: {known[name].help}")
    for one in known.values():
        if not one.optional and not launch.values.get(one.name):
            raise ConfigError(f"{one.name}: is needed: {one.help}")


def send(launch: Launch, *, validate_only: bool = False) -> dict[str, Any]:
    """Send the request with the caller's own Google credentials.

    Returns:
        The service's answer.

    Raises:
        ConfigError: no credentials, or the service refuses; the message carries its words.
    """
    try:
        import google.auth
        from google.auth.transport.requests import AuthorizedSession
    except ImportError as error:
        raise ConfigError("deploy needs Google's client: pip install 'wirelake[gcp]'") from error
    try:
        credentials, _ = google.auth.default(scopes=[SCOPE])
    except google.auth.exceptions.DefaultCredentialsError as error:
        raise ConfigError(f"no Google credentials: {error}; run `gcloud auth application-default login`") from error
    body = launch_request(launch, validate_only=validate_only)
    answer = AuthorizedSession(credentials).post(launch_url(launch), json=body, timeout=60)
    if answer.status_code >= 400:
        raise ConfigError(f"Dataflow refuses ({answer.status_code}): {answer.text[:500]}")
    found: dict[str, Any] = answer.json()
    return found
