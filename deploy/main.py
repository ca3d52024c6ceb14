"""Entry point of the flex template's launcher: parameters in, a job submitted."""

import sys

from pipelines.launcher import launch

if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
