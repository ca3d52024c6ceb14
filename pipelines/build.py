"""The one pipeline: inputs pulled, items read, stories committed, polls committed; batch and stream alike."""

from typing import Any

import apache_beam as beam

from pipelines.coders import register_coders
from pipelines.config import IngestConfig
from pipelines.steps import CommitPolls, CommitStories, PullDocuments, ReadItems


def build(tasks: Any, config: IngestConfig) -> Any:
    """Wire the pipeline behind a PCollection of PullTasks.

    Args:
        tasks: bounded (``ingest``) or unbounded (``stream``) PullTasks in the global window.
        config: what the run is told; changes values only, never the graph.

    Returns:
        A PCollection with the run's id for each commit of polls.
    """
    register_coders()
    pulled = tasks | "PullDocuments" >> PullDocuments(config)
    read = pulled | "ReadItems" >> ReadItems(config)
    outcomes = read.batches | "CommitStories" >> CommitStories(config)
    return (read.reports, outcomes) | "JoinReports" >> beam.Flatten() | "CommitPolls" >> CommitPolls(config)
