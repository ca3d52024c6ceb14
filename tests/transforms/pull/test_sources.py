import os
from pathlib import Path

import pytest

from transforms.pull import files
from transforms.pull.files import FileError, estimate_size, list_files, read_file
from transforms.pull.sources import expand_sources


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.xml", "a.xml", "deep/c.xml", ".hidden/d.xml", "_staging/e.xml", "deep/.f.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<rss/>")
    return tmp_path


def test_a_folder_is_read_sorted_without_what_hides(tree: Path) -> None:
    assert [Path(p).name for p in list_files(str(tree))] == ["a.xml", "b.xml", "c.xml"]


def test_globs_and_single_files(tree: Path) -> None:
    assert [Path(p).name for p in list_files(f"{tree}/**/*.xml")] == ["a.xml", "b.xml", "c.xml"]
    assert list_files(f"{tree}/a.xml") == [f"{tree}/a.xml"]
    assert list_files(f"file://{tree}/a.xml") == [f"{tree}/a.xml"]


def test_nothing_there_is_said(tree: Path) -> None:
    with pytest.raises(FileError, match="no such file") as caught:
        list_files(f"{tree}/none-*.xml")
    assert caught.value.code == "missing"


def test_a_file_over_the_limit_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 3)
    with pytest.raises(FileError, match="split the file") as caught:
        read_file(f"{tree}/a.xml")
    assert caught.value.code == "too_large"


def test_size_is_a_guess_that_never_fails(tree: Path) -> None:
    assert estimate_size(f"{tree}/a.xml") == 6
    assert estimate_size(f"{tree}/none") == 0


def test_sources_become_inputs_once(tree: Path) -> None:
    (tree / "list.yaml").write_text("- a.xml\n- https://x.example/rss\n- gone.xml\n")
    (tree / "feed.json").write_text('{"version": "https://jsonfeed.org/version/1.1", "items": []}')
    found = expand_sources([f"{tree}/list.yaml", f"{tree}/a.xml", "https://x.example/rss", str(tree)])
    assert [s.address for s in found.feeds] == ["https://x.example/rss"]
    assert [Path(s.address).name for s in found.files] == ["a.xml", "b.xml", "c.xml", "feed.json"]
    assert {f.code for f in found.failures} == {"missing"}
    assert "gone.xml" in found.failures[0].error


def test_a_broken_list_is_a_failure_with_its_bytes(tree: Path) -> None:
    (tree / "bad.opml").write_bytes(b"<opml><body>")
    found = expand_sources([f"{tree}/bad.opml"])
    assert [(f.code, f.raw) for f in found.failures] == [("feed_list", b"<opml><body>")]


def test_a_list_that_lists_itself_ends(tree: Path) -> None:
    (tree / "loop.yaml").write_text("- loop.yaml\n")
    found = expand_sources([f"{tree}/loop.yaml"])
    assert [Path(s.address).name for s in found.files] == ["loop.yaml"]


def test_an_address_that_nothing_here_speaks_is_told_from_one_that_cannot_be_read() -> None:
    for ask in (list_files, read_file):
        with pytest.raises(FileError, match=r"^ftp://host/feed.xml: ftp:// is not supported; use a folder") as caught:
            ask("ftp://host/feed.xml")
        assert caught.value.code == "unsupported"


def test_pipes_in_a_folder_are_no_files_and_a_named_one_is_read(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe.xml")
    (folder / "broken.xml").symlink_to("nowhere")
    (folder / "a.xml").touch()
    assert list_files(str(folder)) == [str(folder / "a.xml"), str(folder / "broken.xml")]
    assert list_files(str(folder / "pipe.xml")) == [str(folder / "pipe.xml")], "as of a shell's <(…)"
