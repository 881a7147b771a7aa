"""The reading half of the codec: every claim of a frame is checked before it is believed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.worker.codec import (
    FLOAT_WORDS,
    REPLY,
    Bounds,
    CodecError,
    Opaque,
    Repeat,
    allowed_dtype,
)


def decode(
    tree: object, body: memoryview, bounds: Bounds = REPLY, *, faithful: bool = False
) -> Any:
    """Build the value that a tree and its buffers describe.

    Parameters
    ----------
    tree, body
        What `encode` made, read from a frame and not to be trusted.
    faithful
        Also restore read-only flags and gaps between elements (for arguments on their way in).
        Otherwise every array is an own, writable, gapless copy.

    Raises
    ------
    CodecError
        Anything is not exactly as it should be.
    """
    return Decoder(body, bounds, faithful).whole(tree)


class Decoder:
    """Walks one tree along its buffers, once."""

    __slots__ = ("body", "bounds", "deepest", "dicts", "faithful", "nodes", "offset", "repeated")

    def __init__(self, body: memoryview, bounds: Bounds, faithful: bool) -> None:
        if body.nbytes > bounds.body:
            raise CodecError(f"a body of {body.nbytes} bytes")
        self.body = body
        self.bounds = bounds
        self.faithful = faithful
        self.nodes = 0
        self.offset = 0
        self.deepest = 0
        self.repeated = 0  # bytes that stand for more than one place, once for each further one
        self.dicts: list[tuple[dict[Any, Any], Repeat] | None] = []

    def whole(self, tree: object) -> Any:
        """Decode the tree and insist that the buffers end where it ends."""
        value = self.node(tree, 0)
        if self.offset != self.body.nbytes:
            raise CodecError(f"{self.body.nbytes - self.offset} bytes left over")
        return value

    def node(self, node: Any, depth: int) -> Any:
        """Decode one node and what is in it."""
        self.nodes += 1
        if self.nodes > self.bounds.nodes:
            raise CodecError(f"more than {self.bounds.nodes} parts")
        kind = type(node)
        if kind is list:
            return self._tagged(node, depth)
        if node is None or kind is bool or kind is str:
            return node
        if kind is int:
            if node.bit_length() > self.bounds.integer_bits:
                raise CodecError(f"an integer of more than {self.bounds.integer_bits} bits")
            return node
        if kind is float and math.isfinite(node):
            return node
        raise CodecError(f"a node of kind {kind.__name__}")

    def _tagged(self, node: list[Any], depth: int) -> Any:
        tag = node[0] if node else None
        if tag == "a":
            return self._array(node)
        if tag in ("l", "t", "d"):
            if depth >= self.bounds.depth:
                raise CodecError(f"nested more than {self.bounds.depth} deep")
            self.deepest = max(self.deepest, depth + 1)
            if tag == "d":
                return self._dictionary(node[1:], depth + 1)
            items = [self.node(item, depth + 1) for item in node[1:]]
            return tuple(items) if tag == "t" else items
        if tag == "s" and len(node) == 2:
            return self._take(node[1], (), "C")[()]
        if tag == "r":
            return self._repeat(node, depth + 1)
        return self._rare(tag, node)

    def _rare(self, tag: object, node: list[Any]) -> Any:
        if tag == "f" and len(node) == 2 and type(node[1]) is str and node[1] in FLOAT_WORDS:
            return FLOAT_WORDS[node[1]]
        if tag == "c" and len(node) == 3:
            real, imaginary = self.node(node[1], 0), self.node(node[2], 0)
            if type(real) is float and type(imaginary) is float:
                return complex(real, imaginary)
        if tag == "y" and len(node) == 2 and type(node[1]) is int:
            return bytes(self._bytes(node[1]))
        if tag == "o" and len(node) == 3 and type(node[1]) is str and type(node[2]) is str:
            return Opaque(node[1], node[2])
        raise CodecError(f"an unknown or malformed node {str(tag)[:20]!r}")

    def _dictionary(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        number, nodes, above = len(self.dicts), self.nodes, self.deepest
        used = self.offset + self.repeated
        self.dicts.append(None)
        self.deepest = depth
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:
                raise CodecError("a dictionary entry that is not a pair")
            key = self.node(pair[0], depth)
            if type(key) is not str and type(key) is not int:
                raise CodecError("a dictionary key that is neither str nor int")
            if key in result:
                raise CodecError("a dictionary key given twice")
            result[key] = self.node(pair[1], depth)
        size = self.offset + self.repeated - used
        known = Repeat(number, self.nodes - nodes, size, self.deepest - depth)
        self.dicts[number] = result, known
        self.deepest = max(above, self.deepest)
        return result

    def _repeat(self, node: list[Any], depth: int) -> dict[Any, Any]:
        number = node[1] if len(node) == 2 else None
        if type(number) is not int or not 0 <= number < len(self.dicts):
            raise CodecError("a repeated dictionary that there is not")
        found = self.dicts[number]
        if found is None:
            raise CodecError("a dictionary inside itself")
        result, known = found
        self.nodes += known.nodes
        self.repeated += known.bytes
        self.deepest = max(self.deepest, depth + known.height)
        if (
            self.nodes > self.bounds.nodes
            or self.offset + self.repeated > self.bounds.body
            or self.deepest > self.bounds.depth
        ):
            raise CodecError("the same dictionary too often")
        return result

    def _array(self, node: list[Any]) -> np.ndarray[Any, Any]:
        if len(node) not in (5, 6) or node[4] not in (0, 1) or type(node[2]) is not list:
            raise CodecError("a malformed array")
        shape, layout = node[2], node[3]
        if len(shape) > self.bounds.dimensions:
            raise CodecError(f"an array of {len(shape)} dimensions")
        for size in shape:
            if type(size) is not int or size < 0:
                raise CodecError("an array with an impossible shape")
        if layout not in ("C", "F", "G") or (layout == "G") != (len(node) == 6):
            raise CodecError("an array of unknown layout")
        array = self._take(node[1], tuple(shape), "F" if layout == "F" else "C")
        if layout == "G":
            array = self._with_gaps(array, node[5])
        if self.faithful and node[4]:
            array.flags.writeable = False
        return array

    def _with_gaps(self, array: np.ndarray[Any, Any], axes: Any) -> np.ndarray[Any, Any]:
        """Lay the values out with the same order of axes, every second element unused."""
        if type(axes) is not list or sorted(map(str, axes)) != sorted(map(str, range(array.ndim))):
            raise CodecError("an array with an impossible order of axes")
        if not self.faithful or not axes:
            return array
        order = [array.shape[axis] for axis in axes]
        base = np.zeros([*order[:-1], 2 * order[-1]], dtype=array.dtype)
        view: np.ndarray[Any, Any] = base[..., ::2].transpose(np.argsort(axes))
        view[...] = array
        return view

    def _take(self, code: Any, shape: tuple[int, ...], order: Any) -> np.ndarray[Any, Any]:
        if type(code) is not str or len(code) > 12 or not allowed_dtype(code):
            raise CodecError(f"a dtype that may not cross: {str(code)[:20]!r}")
        try:
            dtype = np.dtype(code)
            start, size = self.offset, math.prod(shape) * dtype.itemsize
            self._bytes(size)
            if not size:
                return np.empty(shape, dtype, order)
            array: np.ndarray[Any, Any] = np.ndarray(shape, dtype, self.body, start, order=order)
            array = array.copy(order)
        except (TypeError, ValueError, OverflowError) as error:
            raise CodecError(f"an array that does not hold together: {error}") from error
        if dtype.kind in "bU":
            _refuse_impossible_elements(array)
        return array

    def _bytes(self, count: int) -> memoryview:
        end = self.offset + count
        if count < 0 or end > self.body.nbytes:
            raise CodecError(f"{count} bytes announced, {self.body.nbytes - self.offset} present")
        part = self.body[self.offset : end]
        self.offset = end
        return part


def _refuse_impossible_elements(array: np.ndarray[Any, Any]) -> None:
    """Refuse bit patterns that numpy itself would never make (they crash it later)."""
    kind = array.dtype.kind
    if kind == "b" and array.size and int(array.view(np.uint8).max()) > 1:
        raise CodecError("a boolean that is neither true nor false")
    if kind == "U" and array.size:
        points = array.ravel(order="K").astype(array.dtype.newbyteorder("=")).view(np.uint32)
        if int(points.max()) > 0x10FFFF:
            raise CodecError("a character that does not exist")
