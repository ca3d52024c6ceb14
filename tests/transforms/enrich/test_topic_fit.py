import numpy as np
import pytest

from transforms.enrich.topic_model.fit import OWN, TITLED, TITLED_SHARE, group_of, towards
from transforms.enrich.topic_model.sources import EXAMPLE_PARTS, Sample, read_examples, read_lexicon
from transforms.enrich.topic_model.train import HASHES, file_hash

OURS = np.array([1.0, 0.0, -1.0], np.float32)


def test_biases_move_part_of_the_way():
    titled = np.array([3.0, 0.0, -3.0], np.float32)
    moved = towards(OURS, titled, np.array([True, True, True]))
    assert moved == pytest.approx(OURS + TITLED_SHARE * (titled - OURS))


def test_the_level_of_a_set_does_not_count():
    titled = np.array([3.0, 0.0, -3.0], np.float32)
    met = np.array([True, True, True])
    assert towards(OURS, titled + 7, met) == pytest.approx(towards(OURS, titled, met))


def test_a_topic_without_title_case_keeps_our_bias():
    moved = towards(OURS, np.array([1.0, 0.0, -40.0], np.float32), np.array([True, True, False]))
    assert moved == pytest.approx(OURS)


def test_without_title_case_ours_hold():
    assert (towards(OURS, np.zeros(3, np.float32), np.zeros(3, bool)) == OURS).all()


@pytest.mark.parametrize(
    ("source", "headline", "group"),
    [
        ("examples", "Senate Passes Budget After Debate", ""),
        ("huffpost", "Senate Passes Budget After Debate", TITLED),
        ("huffpost", "senate passes budget after debate", "huffpost en"),
        ("wikinews", "", "wikinews en"),
    ],
)
def test_a_set_has_its_own_mix_of_topics(source, headline, group):
    assert group_of(Sample(headline, "", "politics", 1.0, source, "en")) == group


def test_our_tables_are_whole():
    seen = list(read_examples())
    assert len(seen) > 3000 * len(EXAMPLE_PARTS)
    assert sum(share for _, _, share in EXAMPLE_PARTS) == pytest.approx(1)
    assert {"en", "de", "fr", "es", "pt", "it", "nl", "sv", "ru", "ar", "zh", "ja", "pl"} == {s.language for s in seen}
    assert {s.language for s in read_lexicon(0)} >= {"en", "de", "fr"}
    assert {s.source for s in seen} < OWN


def test_the_tables_are_those_the_model_was_built_from():
    noted = {line.split("  ")[1]: line.split("  ")[0] for line in HASHES.read_text("utf-8").splitlines()}
    own = {f"{path.parent.name}/{path.name}": file_hash(path) for path in HASHES.parent.glob("*/*.tsv")}
    assert own == {name: value for name, value in noted.items() if name.endswith(".tsv")}
