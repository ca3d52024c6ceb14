"""How fast is ``wirelake ingest``, beside the script a user would write instead, in the same run?

    python tests/benchmarks/ingest.py [--items 100000] [--growth 10000,100000,1000000]

Generates feeds (100 items of about 2 KB a file), runs both as whole processes and prints items per second, their
ratio and peak memory of the largest process. ``--growth`` shows cost and memory at several sizes. Machines differ and
are noisy: quote the ratio.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generate import write_feeds

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Run:
    """One measured process: wall seconds and peak memory in MB (largest single process of its tree)."""

    seconds: float
    megabytes: float
    output: str


def measure(*command: str) -> Run:
    """Run a command to its end."""
    began = time.monotonic()
    code = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024);"
        "print(done.stdout[-2000:] + done.stderr[-2000:]); sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    peak, _, output = done.stdout.partition("\n")
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{output}{done.stderr}")
    return Run(took, float(peak), output.strip())


def ingest(folder: Path, lake: Path) -> Run:
    """``wirelake ingest`` with everything on."""
    return measure(sys.executable, "-m", "pipelines.cli", "ingest", str(folder), "--output", str(lake))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--script-items", type=int, help="items for the plain script (default: the same files)")
    parser.add_argument("--growth", default="", help="comma-separated sizes to show cost and memory at")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as tmp:
        root = Path(tmp)
        files = list(write_feeds(root / "feeds", options.items))
        size = sum(path.stat().st_size for path in files)
        print(f"{options.items:,} items in {len(files):,} files, {size / options.items:,.0f} bytes an item")
        ours = ingest(root / "feeds", root / "lake")
        rate = options.items / ours.seconds
        print(f"wirelake ingest   {rate:10,.0f} items/s  {ours.megabytes:8,.0f} MB peak  {ours.seconds:8.1f} s")
        count = options.script_items or options.items
        script_files = root / "feeds"
        if count < options.items:
            script_files = root / "some"
            list(write_feeds(script_files, count))
        theirs = measure(sys.executable, str(HERE / "plain_script.py"), str(script_files), str(root / "plain"))
        script_rate = count / theirs.seconds
        print(
            f"plain script      {script_rate:10,.0f} items/s  {theirs.megabytes:8,.0f} MB peak  {theirs.seconds:8.1f} s"
        )
        print(f"ratio             {rate / script_rate:10.2f}")
        print(ours.output)
        again = ingest(root / "feeds", root / "lake")
        print(f"the same again    {options.items / again.seconds:10,.0f} items/s  {again.megabytes:8,.0f} MB peak")
        print(again.output)
        for text in filter(None, options.growth.split(",")):
            items = int(text)
            shutil.rmtree(root / "grown", ignore_errors=True)
            shutil.rmtree(root / "grown-lake", ignore_errors=True)
            list(write_feeds(root / "grown", items))
            run = ingest(root / "grown", root / "grown-lake")
            print(f"{items:>9,} items  {items / run.seconds:10,.0f} items/s  {run.megabytes:8,.0f} MB peak")


if __name__ == "__main__":
    main()
