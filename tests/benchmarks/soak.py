"""Hundreds of real kills of writers, each time at other moments, until there were enough or something was found.

    python tests/benchmarks/soak.py [--kills 400] [--seed N]

Two writers at once with widened windows, killed with -9 as process groups, half of them merging files too, while pandas
polls; every lake must be exact afterwards. Ends with 1 and leaves the lake where it is when one is not; the seed that is
printed repeats the moments.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

STEP = 20
"""Kills between two lines."""


def main() -> int:
    """Kill, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=400)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT)]
    from tests.lake.test_kills import kill_writers

    folder = Path(tempfile.mkdtemp(prefix="wirelake-soak-"))
    kills, number = 0, 0
    while kills < options.kills:
        mode, seed = ("plain", "compact")[number % 2], options.seed + number
        number += 1
        try:
            kills += kill_writers(folder, mode, min(STEP, options.kills - kills), seed)
        except AssertionError as error:
            print(f"after {kills} kills, {mode}, seed {seed}: {error}; the lake lies in {folder}")
            return 1
        print(f"{kills} kills, every lake exact ({mode}, seed {seed})", flush=True)
    folder.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
