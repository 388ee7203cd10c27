"""Data classes that cost nothing until they are used.

`dataclasses.dataclass` compiles six methods of every class when its module is imported: half a millisecond a class, a
fifth of a short run, for classes of which most runs make no object. Here a class gets each method when that is first
called, and what is seldom asked for from `dataclasses` itself. To type checkers it is `dataclasses.dataclass`; `fields`,
`replace`, `asdict` and `match` take it for one, too.
"""

from __future__ import annotations

from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]


class _Field:
    """The keywords that `field` was given."""

    def __init__(self, keywords: dict[str, Any]) -> None:
        self.keywords = keywords


class _Fields:
    """`__dataclass_fields__` before it was first read."""

    def __get__(self, instance: object, owner: Any) -> object:
        _finish(owner)
        return owner.__dataclass_fields__


if not TYPE_CHECKING:  # to a checker, these are the names above

    def field(**keywords: Any) -> Any:
        """As `dataclasses.field`."""
        return _Field(keywords)

    def replace(record: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`."""
        return type(record)(**{name: getattr(record, name) for name in record.__match_args__} | changes)

    def dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False) -> Any:
        """As `dataclasses.dataclass`, for classes without a base."""
        return _declare(cls, frozen, slots) if cls is not None else lambda given: _declare(given, frozen, slots)


def _declare(cls: Any, frozen: bool, slots: bool) -> Any:
    names = tuple(cls.__annotations__)
    namespace = dict(vars(cls))
    defaults = {name: namespace.pop(name) for name in names if name in namespace}
    if slots:
        kept = {name: value for name, value in namespace.items() if name not in {"__dict__", "__weakref__"}}
        kept |= {"__annotations__": cls.__annotations__, "__qualname__": cls.__qualname__, "__slots__": names}
        cls = type(cls)(cls.__name__, cls.__bases__, kept)
    attributes: dict[str, Any] = {
        "__init__": _init,
        "__eq__": _eq,
        "__hash__": _hash if frozen else None,
        "__repr__": _repr,
        "__reduce__": _reduce,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(),
        "__record__": (defaults, frozen),
    }
    if frozen:
        attributes |= {"__setattr__": _refuse, "__delattr__": _refuse}
    for name, value in attributes.items():
        if name not in namespace:
            setattr(cls, name, value)
    return cls


def _init(self: Any, *values: object, **named: object) -> None:
    """The constructor of a class that has made no object yet."""
    cls = type(self)
    cls.__init__ = _constructor(cls)
    cls.__init__(self, *values, **named)


def _constructor(cls: Any) -> Any:
    defaults, _ = cls.__record__
    scope: dict[str, Any] = {"_set": object.__setattr__, "_absent": object()}
    parameters, body = [], []
    for name in cls.__match_args__:
        keywords = _keywords(defaults[name]) if name in defaults else {}
        value = name
        if "default" in keywords:
            scope[f"_of_{name}"] = keywords["default"]
            parameters.append(f"{name}=_of_{name}")
        elif "default_factory" in keywords:
            scope[f"_of_{name}"] = keywords["default_factory"]
            parameters.append(f"{name}=_absent")
            value = f"_of_{name}() if {name} is _absent else {name}"
        else:
            parameters.append(name)
        slot = cls.__dict__.get(name)
        if isinstance(slot, MemberDescriptorType):  # a third faster than by name
            scope[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    return _compiled("__init__", ["self", *parameters], body, scope)


def _compiled(name: str, parameters: list[str], body: list[str], scope: dict[str, Any]) -> Any:
    exec("\n ".join((f"def {name}({', '.join(parameters)}):", *body)), scope)  # noqa: S102 - as dataclasses does
    return scope[name]


def _keywords(default: object) -> dict[str, Any]:
    return default.keywords if isinstance(default, _Field) else {"default": default}


def _eq(self: Any, other: object) -> Any:
    cls = type(self)
    values = _tuple(cls, "compare")
    body = ["if other.__class__ is not self.__class__:", " return NotImplemented"]
    body.append(f"return {values.format('self')} == {values.format('other')}")
    cls.__eq__ = _compiled("__eq__", ["self", "other"], body, {})
    return self == other


def _hash(self: Any) -> int:
    cls = type(self)
    body = [f"return hash({_tuple(cls, 'hash').format('self')})"]
    cls.__hash__ = _compiled("__hash__", ["self"], body, {})
    return hash(self)


def _tuple(cls: Any, purpose: str) -> str:
    """The fields that count for a purpose, as a tuple, with `{0}` for the object."""
    defaults, _ = cls.__record__
    names = []
    for name in cls.__match_args__:
        keywords = _keywords(defaults[name]) if name in defaults else {}
        if keywords.get(purpose, keywords.get("compare", True)):
            names.append(f"{{0}}.{name},")
    return f"({''.join(names)})"


def _repr(self: Any) -> str:
    _finish(type(self))
    return repr(self)


def _finish(cls: Any) -> None:
    """Take over what `dataclasses` makes of a class of the same fields."""
    import dataclasses  # noqa: PLC0415 - most runs do not need it

    defaults, frozen = cls.__record__
    namespace = {name: dataclasses.field(**_keywords(default)) for name, default in defaults.items()}
    namespace |= {
        "__annotations__": cls.__annotations__,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
    }
    twin: Any = dataclasses.dataclass(frozen=frozen)(type(cls.__name__, (), namespace))
    if cls.__repr__ is _repr:
        cls.__repr__ = twin.__repr__
    cls.__dataclass_fields__ = twin.__dataclass_fields__


def _reduce(self: Any) -> tuple[Any, tuple[object, ...]]:
    """To another process go the fields alone, without what was derived from them."""
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


def _refuse(self: Any, name: str, value: object = None) -> None:  # noqa: ARG001 - the signature is Python's
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - the same

    message = f"cannot change field {name!r}"
    raise FrozenInstanceError(message)
