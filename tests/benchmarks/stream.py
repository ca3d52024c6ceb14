"""How fast and how soon is ``wirelake stream`` on Prism, fed from a growing ``.jsonl`` file?

    python tests/benchmarks/stream.py [--seconds 60] [--rate 2000] [--flush 10] [--workers N]
                                      [--prism PATH | --engine OPTIONS]

A writer appends ``--rate`` items of about 2 KB a second; a reader looks into the lake with pyarrow twice a second and
notes when each second's items became readable. Prints items per second, latency from the line's end to readable
(p50, p95, flush included), the memory of the process tree as it goes (flat means that it can run for months), and CPU
by process since the first line, beside what reading the same lines costs by itself: the rest is the stream's own.
"""

import argparse
import datetime as dt
import itertools
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from generate import AGENCIES, COMMON, FIRST, LAST, PLACES, SUBJECTS

LATE = 0.02
"""Share of items whose date is not of the last 24 hours: what a live source brings; each date and topic is a file."""


def prepare(count: int, days: int = 14) -> Iterator[str]:
    """Lines of about 2 KB, all different; late ones up to ``days`` old."""
    rng = random.Random(1)
    now = dt.datetime.now(dt.UTC)
    names = [f"{rng.choice(LAST)}{number}" for number in range(4000)]
    words = [*COMMON * 100, *(word for subject in SUBJECTS.values() for word in subject * 40), *names]
    for number in range(count):
        paragraphs = [" ".join(rng.choices(words, k=44)).capitalize() + "." for _ in range(5)]
        value = {
            "id": f"bench-{number}",
            "provider": "bench.example",
            "headline": " ".join(rng.choices(words, k=8)).capitalize(),
            "byline": f"By {rng.choice(FIRST)} {rng.choice(LAST)}",
            "body": f"{rng.choice(PLACES)} ({rng.choice(AGENCIES)}) - " + "\n".join(paragraphs),
            "language": "en",
            "published": (
                now - dt.timedelta(hours=rng.random() * 24 * (days if rng.random() < LATE else 1))
            ).isoformat(),
        }
        yield json.dumps(value) + "\n"


def write(path: Path, prepared: Path, rate: int, seconds: float, written: dict[int, float]) -> None:
    """Append items at a steady rate; notes when each tenth of a second's items were there."""
    began, count = time.monotonic(), 0
    with prepared.open("rb") as lines, path.open("ab") as stream:
        while (passed := time.monotonic() - began) < seconds:
            want = int(passed * rate)
            stream.writelines(itertools.islice(lines, want - count))
            stream.flush()
            count = want
            written[count] = time.monotonic()
            time.sleep(0.1)


def tree(pid: int) -> list[tuple[int, str, float, float]]:
    """Id, name, CPU seconds and resident megabytes of a process and of all below it."""
    children: dict[int, list[int]] = {}
    found: dict[int, tuple[int, str, float, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        size = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        found[int(folder.name)] = int(folder.name), name.partition("(")[2], seconds, size
    rows, todo = [], [pid]
    while todo:
        one = todo.pop(0)
        rows += [found[one]] if one in found else []
        todo += children.get(one, [])
    return rows


def reading_cost(lines: list[str]) -> float:
    """CPU seconds an item for parsing, enriching, signing and spooling, in a process of its own."""
    script = (
        "import sys, time, datetime as dt\n"
        "from pipelines.pool import ReaderSettings, build_reader\n"
        "from schemas.batch import Pulled\n"
        "from schemas.document import Source\n"
        "from transforms.lake.lake import open_lake\n"
        "data = sys.stdin.buffer.read()\n"
        "open_lake(sys.argv[1], create=True)\n"
        "reader = build_reader(ReaderSettings(sys.argv[1], workers=1))\n"
        "half = data.find(b'\\n', len(data) // 2) + 1\n"
        "now = dt.datetime.now(dt.UTC)\n"
        "parts = [Pulled(Source('a.jsonl'), 'a.jsonl', now, data=part) for part in (data[:half], data[half:])]\n"
        "reader.read(parts[:1])\n"  # warm
        "began = time.process_time()\n"
        "reader.read(parts[1:])\n"
        "print((time.process_time() - began) / parts[1].data.count(b'\\n'))\n"
    )
    with tempfile.TemporaryDirectory() as tmp:
        command = [sys.executable, "-c", script, str(Path(tmp, "lake"))]
        done = subprocess.run(command, input="".join(lines).encode(), capture_output=True, check=True)
    return float(done.stdout)


def readable(lake: Path, known: dict[Path, int]) -> int:
    """Rows of stories and repeats that a reader sees now."""
    for table in ("stories", "repeats"):
        for path in (lake / table).rglob("*.parquet"):
            if path not in known:
                known[path] = pq.read_metadata(path).num_rows
    return sum(known.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--flush", type=float, default=10)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--prism", default=shutil.which("prism"))
    parser.add_argument("--engine", help='another one, as "--runner=FlinkRunner --job_endpoint=HOST:PORT"')
    options = parser.parse_args()
    lines = list(prepare(8000))
    size = statistics.mean(map(len, lines))
    reading = reading_cost(lines)
    print(f"{size:,.0f} bytes an item, {options.rate:,} items/s, flush {options.flush:g} s", flush=True)
    with tempfile.TemporaryDirectory() as tmp:
        prepared = Path(tmp, "prepared")  # before the clock runs, and not in memory
        with prepared.open("w", encoding="utf-8") as stream:
            stream.writelines(prepare(int(options.rate * (options.seconds + 2))))
        path, lake, log = Path(tmp, "items.jsonl"), Path(tmp, "lake"), Path(tmp, "log")
        path.touch()
        command = [sys.executable, "-m", "pipelines.cli", "stream", path, "--output", lake, f"--flush={options.flush}s"]
        command.append(f"--workers={options.workers}")
        engine = options.engine.split() if options.engine else [f"--prism_location={options.prism}"]
        with log.open("wb") as output:
            process = subprocess.Popen([*map(str, command), *engine], stdout=output, stderr=output)
        while not (lake / "_lake.json").exists() and process.poll() is None:
            time.sleep(0.2)
        time.sleep(10)
        written: dict[int, float] = {}
        writer = threading.Thread(target=write, args=(path, prepared, options.rate, options.seconds, written))
        writer.start()
        known: dict[Path, int] = {}
        latencies: list[float] = []
        memory: list[float] = []
        before = {pid: seconds for pid, _, seconds, _ in tree(process.pid)}
        began = last = time.monotonic()
        marks = 0
        rows = 0
        while writer.is_alive() or rows < max(written, default=0):
            time.sleep(0.25)
            rows, now = readable(lake, known), time.monotonic()
            ready = [mark for mark in sorted(written) if marks < mark <= rows]
            latencies += [now - written[mark] for mark in ready]
            marks = max(ready, default=marks)
            if now - last >= 5:
                sizes = [size for *_, size in tree(process.pid)]
                memory.append(sum(sizes))
                each = ", ".join(f"{size:,.0f}" for size in sizes)
                print(
                    f"  {now - began:5.0f} s  {rows:9,} readable of {max(written):9,}  {memory[-1]:7,.0f} MB ({each})"
                )
                last = now
            if process.poll() is not None or now - began > options.seconds * 3 + 120:
                break
        took = time.monotonic() - began
        cost = tree(process.pid)
        process.send_signal(signal.SIGTERM)
        code = process.wait(120)
        cuts = statistics.quantiles(latencies, n=20) if len(latencies) > 20 else [float("nan")] * 19
        print(f"{rows / took:,.0f} items/s from first line to last row; {rows:,} rows of {max(written):,} items")
        print(f"latency p50 {cuts[9]:.1f} s, p95 {cuts[18]:.1f} s, flush {options.flush:g} s; exit {code}")
        used = [(name, seconds - before.get(pid, 0.0)) for pid, name, seconds, _ in cost]
        each = sum(seconds for _, seconds in used) / max(rows, 1)
        print(f"CPU {each * 1e6:,.0f} µs an item: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in used))
        print(f"reading alone {reading * 1e6:,.0f} µs, the stream's own {(each - reading) * 1e6:,.0f} µs")
        if len(memory) >= 4:
            print(f"memory: first quarter {memory[len(memory) // 4]:,.0f} MB, end {memory[-1]:,.0f} MB")
        print(log.read_text()[-1500:])


if __name__ == "__main__":
    main()
