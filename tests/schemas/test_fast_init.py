import copy
import dataclasses
import pickle

import pytest

from schemas.fast_init import fast_init
from schemas.item import Media, NewsItem


@dataclasses.dataclass(frozen=True, slots=True)
class Slow:
    a: int
    b: str = "x"
    c: list[int] = dataclasses.field(default_factory=list)
    d: int = dataclasses.field(default=1, kw_only=True)


@fast_init
@dataclasses.dataclass(frozen=True, slots=True)
class Fast:
    a: int
    b: str = "x"
    c: list[int] = dataclasses.field(default_factory=list)
    d: int = dataclasses.field(default=1, kw_only=True)


@pytest.mark.parametrize(("args", "named"), [((1,), {}), ((1, "y"), {"d": 2}), ((), {"a": 1, "c": [3]})])
def test_it_makes_what_the_generated_one_makes(args, named):
    assert dataclasses.astuple(Fast(*args, **named)) == dataclasses.astuple(Slow(*args, **named))


@pytest.mark.parametrize(("args", "named"), [((), {}), ((1, "y", [], 4), {}), ((1,), {"e": 1}), ((1,), {"a": 1})])
def test_it_refuses_what_the_generated_one_refuses(args, named):
    for cls in (Slow, Fast):
        with pytest.raises(TypeError):
            cls(*args, **named)


def test_defaults_are_not_shared():
    assert Fast(1).c is not Fast(1).c


def test_items_stay_frozen_equal_and_portable():
    item = NewsItem(guid="a", media=(Media("u", caption="c"),))
    assert type(item) is NewsItem
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.guid = "b"
    same = NewsItem(guid="a", media=(Media("u", caption="c"),))
    assert (item, hash(item)) == (same, hash(same))
    assert pickle.loads(pickle.dumps(item)) == copy.copy(item) == item
    assert dataclasses.replace(item, guid="b").guid == "b"
