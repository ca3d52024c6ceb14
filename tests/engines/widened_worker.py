"""A Python worker for an engine, with the crash windows of the commit protocol held open and its process told.

What Beam's worker pool runs instead of its own command: ``--id=… --control_endpoint=…`` and more. Its process id
stands in the folder that WIRELAKE_TEST_WORKERS names, so that a test can kill it.
"""

import argparse
import importlib.util
import os
from pathlib import Path

from apache_beam.runners.worker.sdk_worker import SdkHarness


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--id", required=True)
    parser.add_argument("--control_endpoint", required=True)
    options, _ = parser.parse_known_args()
    path = Path(__file__).parents[1] / "stream/widened.py"
    spec = importlib.util.spec_from_file_location("widened", path)
    assert spec is not None and spec.loader is not None
    widened = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(widened)
    widened.widen()
    Path(os.environ["WIRELAKE_TEST_WORKERS"], str(os.getpid())).touch()
    SdkHarness(options.control_endpoint, worker_id=options.id, state_cache_size=0, data_buffer_time_limit_ms=0).run()


if __name__ == "__main__":
    main()
