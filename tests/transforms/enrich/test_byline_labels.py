"""Labels of bylines and what stands before them."""

import pytest

from transforms.enrich.byline_labels import split_lead


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Health By Ann Lee", "Health"),
        ("ABC Radio Hobart / By Ann Lee", "ABC Radio Hobart"),
        ("Politik | Von Anna Weiss", "Politik"),
        # a person, a picture credit and a sentence are no lead
        ("Ann Lee By Tom Moe", ""),
        ("Photographs By Ann Lee", ""),
        ("The old mill that was sold last year By Ann Lee", ""),
    ],
)
def test_what_stands_before_a_label_is_parted_when_it_is_no_person(text, lead):
    assert split_lead(text)[0] == lead
