"""Values across the border: a tree of plain JSON plus raw buffers, and no pickle anywhere.

A scalar stands for itself; everything else is a list that starts with its tag:

====  =====================================  ==============================================
tag   rest                                   value
====  =====================================  ==============================================
l, t  items                                  list, tuple
d     [key, value] pairs                     dict with str or int keys
r     number                                 the same dict once more, counted from 0
f     "nan" | "inf" | "-inf"                 a float JSON has no word for
c     real, imaginary                        complex
y     length                                 bytes (the buffer holds them)
a     dtype, shape, layout, read-only        ndarray (the buffer holds it)
s     dtype                                  numpy scalar (the buffer holds it)
o     type name, detail                      something that does not cross, named
====  =====================================  ==============================================

Buffers follow each other in the order of the tree, and nothing may be left over. A dict that
stands in several places (every cache of a sequence holds the same parameters) is written once;
its parts count anew in every place, so that a small frame cannot stand for a huge value.
"""

from __future__ import annotations

import math
from collections import OrderedDict, defaultdict
from functools import lru_cache
from types import FunctionType, GeneratorType
from typing import Any, NamedTuple

import numpy as np


class CodecError(ValueError):
    """A value or a frame breaks the rules of the wire; the message says which."""


class Opaque:
    """What came back was of a kind that does not cross the border, such as a generator.

    A plain class: a worker needs nothing else of `dataclasses`, and every start would wait for it.
    """

    __slots__ = ("detail", "type_name")

    def __init__(self, type_name: str, detail: str) -> None:
        self.type_name = type_name
        self.detail = detail

    def __repr__(self) -> str:
        return f"Opaque({self.type_name!r}, {self.detail!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))


class Bounds(NamedTuple):
    """Limits of one frame, checked before anything is read or built."""

    header: int = 1 << 20
    body: int = 64 << 20
    depth: int = 16
    nodes: int = 20_000
    dimensions: int = 8
    integer_bits: int = 4096


REPLY = Bounds()
# Trusted requests carry whole source files and training texts in their header.
REQUEST = Bounds(header=32 << 20, body=256 << 20, depth=24, nodes=2_000_000)

_NAMES = (
    "bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8",
    "f2", "f4", "f8", "c8", "c16", "longdouble", "clongdouble",
)  # fmt: skip
_NUMBERS = frozenset(np.dtype(name).str.lstrip("<>|=") for name in _NAMES)
FLOAT_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_DICTS = (dict, OrderedDict, defaultdict)
_MAX_TEXT_ITEM = 4 * 100_000


@lru_cache(256)
def allowed_dtype(code: str) -> bool:
    """Say whether arrays of this dtype (``dtype.str``) may cross."""
    bare = code.lstrip("<>|=")
    if bare in _NUMBERS:
        return True
    return bare[:1] in ("U", "S") and bare[1:].isdigit() and 0 < int(bare[1:]) <= _MAX_TEXT_ITEM


def encode(
    value: object, bounds: Bounds = REPLY, *, strict: bool = False
) -> tuple[Any, list[bytes]]:
    """Turn a value into its JSON tree and its buffers.

    With `strict`, what does not cross is an error instead of an `Opaque` record.

    Raises
    ------
    CodecError
        The value is too deep, too large, or has too many parts (a cycle is too deep).
    """
    encoder = _Encoder(bounds, strict)
    return encoder.node(value, 0), encoder.buffers


class Repeat(NamedTuple):
    """What a dict costs in each further place: its parts, its bytes, and how deep it goes."""

    number: int
    nodes: int
    bytes: int
    height: int


class _Encoder:
    __slots__ = ("bounds", "buffers", "deepest", "dicts", "kept", "left", "nodes", "strict")

    def __init__(self, bounds: Bounds, strict: bool) -> None:
        self.strict = strict
        self.deepest = 0
        self.kept: list[Any] = []
        self.dicts: dict[int, Repeat | None] = {}  # by identity; None while one is being written
        self.bounds = bounds
        self.buffers: list[bytes] = []
        self.nodes = 0
        self.left = bounds.body

    def node(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > self.bounds.nodes:
            raise CodecError(f"more than {self.bounds.nodes} parts")
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            if value.bit_length() > self.bounds.integer_bits:
                raise CodecError(f"an integer of more than {self.bounds.integer_bits} bits")
            return value
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        if kind is tuple or kind is list or kind in _DICTS:
            return self._container(value, kind, depth + 1)
        if kind is complex:
            return ["c", self.node(value.real, depth), self.node(value.imag, depth)]
        if kind is bytes:
            self._keep(value)
            return ["y", len(value)]
        if kind is Opaque:
            return ["o", value.type_name, value.detail]
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._scalar(value)
        if isinstance(value, tuple) and not self.strict:  # a NamedTuple is a tuple
            return self._container(tuple.__getitem__(value, slice(None)), tuple, depth + 1)
        if isinstance(value, dict) and not self.strict:
            plain = dict(dict.items(value))
            self.kept.append(plain)  # alive as long as its identity is remembered
            return self._container(plain, dict, depth + 1)
        return self._opaque(value)

    def _container(self, value: Any, kind: type, depth: int) -> list[Any]:
        if depth > self.bounds.depth:
            raise CodecError(f"nested more than {self.bounds.depth} deep")
        self.deepest = max(self.deepest, depth)
        if kind is tuple or kind is list:
            encoded: list[Any] = ["t" if kind is tuple else "l"]
            encoded.extend([self.node(item, depth) for item in value])
            return encoded
        return self._dictionary(value, depth)

    def _dictionary(self, value: Any, depth: int) -> list[Any]:
        known = self.dicts.get(id(value))
        if known is not None:
            return self._repeated(known, depth)
        if id(value) in self.dicts:
            raise CodecError("a dictionary inside itself")
        if any(type(key) is not str and type(key) is not int for key in value):
            return self._opaque(value, "a dictionary whose keys are not all str or int")
        number, nodes, left, above = len(self.dicts), self.nodes, self.left, self.deepest
        self.dicts[id(value)] = None
        self.deepest = depth
        pairs = [[self.node(key, depth), self.node(item, depth)] for key, item in value.items()]
        self.dicts[id(value)] = Repeat(
            number, self.nodes - nodes, left - self.left, self.deepest - depth
        )
        self.deepest = max(above, self.deepest)
        return ["d", *pairs]

    def _repeated(self, known: Repeat, depth: int) -> list[Any]:
        self.nodes += known.nodes
        self.left -= known.bytes
        self.deepest = max(self.deepest, depth + known.height)
        if self.nodes > self.bounds.nodes or self.left < 0 or self.deepest > self.bounds.depth:
            raise CodecError("the same dictionary too often")
        return ["r", known.number]

    def _array(self, value: np.ndarray[Any, Any]) -> list[Any]:
        code = value.dtype.str
        if not allowed_dtype(code) or value.ndim > self.bounds.dimensions:
            return self._opaque(value)
        flags = value.flags
        frozen = 0 if flags.writeable else 1
        shape = list(value.shape)
        if value.nbytes > self.left:
            raise CodecError(f"more than {self.bounds.body} bytes of arrays")
        if flags.c_contiguous:
            self._keep(value.tobytes())
            return ["a", code, shape, "C", frozen]
        if flags.f_contiguous:
            self._keep(value.tobytes(order="F"))
            return ["a", code, shape, "F", frozen]
        axes = sorted(range(value.ndim), key=lambda axis: -abs(value.strides[axis]))
        self._keep(value.tobytes())
        return ["a", code, shape, "G", frozen, axes]

    def _scalar(self, value: np.generic) -> list[Any]:
        code = value.dtype.str
        if not allowed_dtype(code):
            return self._opaque(value)
        self._keep(value.tobytes())
        return ["s", code]

    def _keep(self, buffer: bytes) -> None:
        self.left -= len(buffer)
        if self.left < 0:
            raise CodecError(f"more than {self.bounds.body} bytes of arrays")
        self.buffers.append(buffer)

    def _opaque(self, value: object, detail: str = "") -> list[Any]:
        kind = type(value)
        name = getattr(kind, "__qualname__", "object")
        if kind.__module__ not in ("builtins", "__main__"):
            name = f"{kind.__module__}.{name}"
        detail = detail or _detail(value)
        if self.strict:
            raise CodecError(f"a {name} cannot be sent to a submission {detail}".rstrip())
        return ["o", str(name)[:200], detail[:500]]


def _detail(value: object) -> str:
    """Say in a few words what cannot cross; runs none of the value's own code."""
    if isinstance(value, GeneratorType):
        return f"generator {value.__name__}"
    if isinstance(value, FunctionType):
        return f"function {value.__name__}"
    if isinstance(value, np.ndarray):
        plain = np.ndarray.view(value, np.ndarray)
        words = f"array of dtype {plain.dtype} and shape {plain.shape}"
        if plain.dtype == object and plain.size:
            words += f", holding {type(plain.flat[0]).__name__}"
        return words
    if isinstance(value, np.generic):
        return f"numpy scalar of dtype {value.dtype}"
    return ""
