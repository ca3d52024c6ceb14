"""Engines that tests of the stream share."""

from collections.abc import Iterator

import pytest

from tests.engines.flink import job_server
from tests.stream.running import PRISM


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a job server with Flink inside it."""
    with job_server(tmp_path_factory.mktemp("flink")) as endpoint:
        yield endpoint


@pytest.fixture
def engine_options(request: pytest.FixtureRequest) -> list[str]:
    """Beam options of an engine by its name."""
    if request.param == "prism":
        return ["--runner=PrismRunner", f"--prism_location={PRISM}"]
    assert request.param == "flink"
    return ["--runner=FlinkRunner", f"--job_endpoint={request.getfixturevalue('flink')}", "--parallelism=2"]
