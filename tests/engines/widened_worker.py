"""A Python worker for an engine, with the crash windows of the commit protocol held open.

What Beam's worker pool runs instead of its own command: ``--id=… --control_endpoint=…`` and more.
"""

import argparse

from apache_beam.runners.worker.sdk_worker import SdkHarness

from tests.stream.widened import widen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--id", required=True)
    parser.add_argument("--control_endpoint", required=True)
    options, _ = parser.parse_known_args()
    widen()
    SdkHarness(options.control_endpoint, worker_id=options.id, state_cache_size=0, data_buffer_time_limit_ms=0).run()


if __name__ == "__main__":
    main()
