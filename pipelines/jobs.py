"""Jobs that run on Dataflow already, as the service lists them."""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from pipelines.config import ConfigError

UPDATE = "--update"
"""Beam's option for replacing a running job."""


def require_running(beam_options: Sequence[str]) -> None:
    """See that the job to be replaced runs: Beam 2.77 itself would go on asking for ever.

    Args:
        beam_options: with project, region and the job's name.

    Raises:
        ConfigError: no job of that name runs.
    """
    from apache_beam.runners.dataflow.internal.apiclient import DataflowApplicationClient
    from google.cloud import dataflow

    options = PipelineOptions(list(beam_options)).view_as(GoogleCloudOptions)
    client = DataflowApplicationClient(options)._jobs_client  # noqa: SLF001 - with its endpoint and credentials
    states = dataflow.JobState
    replaceable = {states.JOB_STATE_RUNNING, states.JOB_STATE_DRAINING}
    jobs = client.list_jobs(dataflow.ListJobsRequest(project_id=options.project, location=options.region))
    if not any(job.name == options.job_name and job.current_state in replaceable for job in jobs):
        raise ConfigError(f"{UPDATE}: no job {options.job_name} runs in {options.region}; launch it without {UPDATE}")
