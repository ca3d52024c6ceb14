"""Wrong usage ends with 2, one helpful line and nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import COMMANDS, main
from tests.pipelines.samples import item, rss


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "a.xml"
    path.write_bytes(rss(item("1", "Ferry workers end strike", "<p>The strike ended after two weeks.</p>")))
    return path


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says when it ends with 2."""
    try:
        code: object = main(words)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert code == 2, said
    assert said.out == ""
    return said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--archve"], "--archve: neither an option of this command nor one of Beam's; did you mean --archive?"),
        (["--workrs=3"], "did you mean --workers=?"),
        (["--runer=DirectRunner"], "did you mean --runner=?"),
        (["--bogus"], "--bogus: neither an option of this command nor one of Beam's"),
        (["b.xml"], "b.xml: stands apart"),
        (["--runner"], "--runner: expected one argument"),
        (["--runner=Nope"], "--runner=Nope: no such engine; Beam knows "),
        (["--runner=PrismRunner", "--prism_location=/nowhere/prism"], "'/nowhere/prism' is no program"),
        (["--workers", "-1"], "--workers: -1 is less than 0"),
        (["--shards", "0"], "--shards: 0 is less than 1"),
        (["--every", "soon"], "--every: 'soon' is no duration; write 90s, 5m or 1h"),
        (["--allow-private", "here"], "--allow-private: 'here' is no network"),
    ],
)
def test_what_cannot_be_meant_is_named(
    words: list[str], said: str, feed: Path, lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(["ingest", str(feed), "--output", str(lake), *words], capsys)
    assert not (lake / "stories").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ingest", "--output", "lake"], "required: SOURCE"),
        (["ingest", "a.xml"], "required: --output"),
        (["ingest", "a.xml", "--output", "s3://bucket/lake"], "s3:// is not supported"),
        (["ingest", "a.xml", "--output", "gs://"], "name a bucket"),
        (["ingest", "a.xml", "--output", "/proc/none/lake"], "/proc/none/lake: no folder can be here"),
        (["stream", "a.xml", "--output", "lake", "--runner=DirectRunner"], "runs batches only"),
        (["inspect"], "name inputs"),
        (["inspect", "a.xml", "--now"], "unrecognized arguments: --now"),
        (["feeds", "list"], "invalid choice"),
        (["changes", "lake"], "required: --since"),
        (["state", "s3://bucket/lake"], "s3:// is not supported"),
        (["publish"], "invalid choice: 'publish'"),
        ([], "usage: wirelake [-h] [--version] COMMAND ..."),
    ],
)
def test_every_command_says_what_it_takes(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(words, capsys)


def test_an_engine_of_options_that_python_does_not_know_may_have_them(
    feed: Path, lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Flink's own options are known to its job server alone; what is refused is that there is no server."""
    from pipelines.runners import check_options

    check_options(["--runner=PortableRunner", "--checkpointing_interval=4000", "--job_endpoint=localhost:1"])


def test_inputs_that_fail_are_named_at_the_end(
    feed: Path, lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.yaml").write_text("feeds: [\n")
    (tmp_path / "items.jsonl").write_text('{"id": "a", "headline": "Port reopens"}\nnot json\n')
    names = [tmp_path / "list.yaml", tmp_path / "none.xml", tmp_path / "items.jsonl"]
    words = ["ingest", str(feed), *map(str, names), "--output", str(lake), "--workers", "1"]
    assert main(words) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("failed: ")]
    assert len(failed) == 3
    told = {line.removeprefix("failed: ").partition(": ")[0]: line for line in failed}
    assert set(told) == {str(name) for name in names}
    assert "no such file" in told[str(tmp_path / "none.xml")]
    assert "1 of its entries" in told[str(tmp_path / "items.jsonl")]


def test_many_failed_inputs_are_counted(lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ingest", *(str(tmp_path / f"none{n}.xml") for n in range(9)), "--output", str(lake), "--workers", "1"]
    assert main(words) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("failed: ")]
    assert len(failed) == 6
    assert failed[-1] == f"failed: 4 more inputs; all are in {lake}/failures"


def test_defaults_in_help_are_those_that_count(capsys: pytest.CaptureFixture[str]) -> None:
    from transforms.lake.compact import TARGET_BYTES

    with pytest.raises(SystemExit):
        main(["compact", "--help"])
    assert f"(default: {TARGET_BYTES // 1_000_000})" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "Exit codes: 0 well; 1 " in capsys.readouterr().out


WITHOUT_GOOGLE = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("google.cloud", "google.auth", "google.api_core")):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Gone())
from pipelines.cli import main
sys.exit(main(sys.argv[1:]))
"""
DEPLOY = (
    "deploy ingest --project p --region r --template gs://bucket/t.json --staging gs://bucket/d --service-account w"
    " --set sources=gs://bucket/feeds.yaml --set output=gs://bucket/lake"
)


@pytest.mark.parametrize(
    "words",
    [
        "ingest a.xml --output gs://bucket/lake",
        "state gs://bucket/lake",
        "ingest a.xml --output lake --runner=DataflowRunner",
        DEPLOY,
    ],
)
def test_without_the_gcp_extra_it_is_asked_for(words: str, feed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_GOOGLE, *words.split()],
        cwd=feed.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "pip install 'wirelake[gcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_dataflow_s_missing_options_are_named(feed: Path, lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("google.cloud.dataflow", reason="needs the gcp extra")
    said = refused(["ingest", str(feed), "--output", str(lake), "--runner=DataflowRunner"], capsys)
    assert "Missing required option: project" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_every_option_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse
    import importlib

    command = importlib.import_module(f"pipelines.commands.{name}")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    for action in parser._actions:
        text = action.help or ""
        assert text, action.option_strings
        assert ("may be given again" in text) is isinstance(action, argparse._AppendAction), action.option_strings
