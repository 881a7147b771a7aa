"""The codec: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.worker.codec import REPLY, Bounds, CodecError, Opaque, encode
from grader.worker.decoding import decode
from grader.worker.wire import MAGIC, PREFIX, pack, sizes, unpack


def there_and_back(value: Any, *, faithful: bool = False) -> Any:
    frame = pack({"value": value})
    header, body = sizes(frame[: PREFIX.size], REPLY)
    rest = memoryview(frame)[PREFIX.size :]
    return unpack(rest[:header], rest[header : header + body], REPLY, faithful=faithful)["value"]


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


dtypes = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(endianness="?"), hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="="), hnp.unicode_string_dtypes(max_len=4),
)  # fmt: skip
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
text = st.text(st.characters(exclude_categories=[]), max_size=8)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**200), 2**200), st.floats(),
    st.complex_numbers(), text, st.binary(max_size=8),
)  # fmt: skip
values = st.recursive(
    st.one_of(scalars, arrays),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(text, st.integers()), inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_values_come_out_exactly_as_they_went_in(value: Any) -> None:
    if isinstance(value, complex) and (math.isnan(value.real) or math.isnan(value.imag)):
        return
    assert "nan" in repr(value).lower() or same(there_and_back(value), value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(2, 3, 4)[:, ::2, :],
        np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(5)[::-1],
        np.array(3.5),
        np.zeros((0, 4)),
        np.array([np.longdouble("1.1")]),
        np.array([[np.nan, -0.0, np.inf]]),
        np.array(["a", "bcd"]),
    ],
)
def test_arrays_of_every_layout_come_out_writable_and_equal(array: np.ndarray) -> None:
    result = there_and_back(array)
    assert type(result) is np.ndarray
    assert result.flags.writeable
    assert result.flags.owndata or result.base.flags.owndata
    assert (result.dtype, result.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(result, array)


def test_read_only_and_strided_arguments_are_reproduced() -> None:
    array = np.arange(24.0).reshape(4, 6)[:, ::2].T
    array.flags.writeable = False
    result = there_and_back(array, faithful=True)
    assert not result.flags.writeable
    assert not result.flags.contiguous
    assert np.argsort(np.abs(result.strides)).tolist() == np.argsort(np.abs(array.strides)).tolist()
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize(
    "kind", [np.float64, np.float32, np.int64, np.bool_, np.str_, np.complex64]
)
def test_numpy_scalars_stay_numpy_scalars(kind: type) -> None:
    result = there_and_back(kind(1))
    assert type(result) is kind
    assert result == kind(1)


class Point(tuple):
    """A subclass, whose behaviour must not cross."""


@pytest.mark.parametrize(
    ("value", "type_name", "detail"),
    [
        ((i for i in range(3)), "generator", "generator <genexpr>"),
        (
            np.array([None, 1]),
            "numpy.ndarray",
            "array of dtype object and shape (2,), holding NoneType",
        ),
        (
            np.ones((1, 1)).view(np.matrix),
            "numpy.matrix",
            "array of dtype float64 and shape (1, 1)",
        ),
        (np.ma.masked_array([1, 2]), "numpy.ma.MaskedArray", "array of dtype int64 and shape (2,)"),
        (len, "builtin_function_or_method", ""),
        ({1, 2}, "set", ""),
        (range(3), "range", ""),
        (np.datetime64("2020-01-01"), "numpy.datetime64", "numpy scalar of dtype datetime64[D]"),
        ({1.5: 2}, "dict", "a dictionary whose keys are not all str or int"),
    ],
)
def test_what_does_not_cross_is_named(value: Any, type_name: str, detail: str) -> None:
    assert there_and_back([value]) == [Opaque(type_name, detail)]


def test_subclasses_of_tuple_and_dict_cross_as_what_they_are() -> None:
    class Sums(dict[str, int]):
        def items(self) -> Any:
            raise RuntimeError("never asked")

    assert there_and_back([Point((1, 2)), Sums(a=1)]) == [(1, 2), {"a": 1}]


def test_a_trusted_sender_is_told_what_it_cannot_send() -> None:
    with pytest.raises(CodecError, match="generator cannot be sent"):
        pack({"value": (i for i in ())}, strict=True)


def deep(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def cyclic() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (deep(17), "deep"),
        (cyclic(), "deep"),
        ([0] * 20_001, "parts"),
        (1 << 5000, "bits"),
        (np.zeros(9 << 20), "bytes"),
    ],
)
def test_values_beyond_the_limits_are_refused(value: Any, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        encode(value)


def test_the_deepest_allowed_value_crosses() -> None:
    tree, buffers = encode(deep(16))
    assert decode(tree, memoryview(b"".join(buffers))) == deep(16)


@pytest.mark.parametrize(
    "tree",
    [
        ["a", "|O", [1], "C", 0],
        ["a", "<M8[D]", [1], "C", 0],
        ["a", "<f8", [2], "C", 0],
        ["a", "<f8", [-1], "C", 0],
        ["a", "<f8", [True], "C", 0],
        ["a", "<f8", [1.0], "C", 0],
        ["a", "<f8", [0, 1 << 62, 1 << 62], "C", 0, [0, 1, 2]],
        ["a", "<f8", [0, 1 << 62, 1 << 62], "C", 0],
        ["a", "<f8", [1 << 70], "C", 0],
        ["a", "<f8", [1] * 9, "C", 0],
        ["a", "<f8", [1], "Z", 0],
        ["a", "<f8", [1], "G", 0, [5]],
        ["a", "<f8", [1], "C", 2],
        ["a", "<f8,<f8", [1], "C", 0],
        ["a", "<U0", [1 << 40], "C", 0],
        ["a", ["<f8"], [1], "C", 0],
        ["a"],
        ["s", "|V8"],
        ["s"],
        ["f", "Infinity"],
        ["f", 1],
        ["c", 1.0],
        ["c", "1", 2.0],
        ["y", 9],
        ["y", -1],
        ["o", 1, 2],
        ["d", ["k", 1], ["k", 2]],
        ["d", [1.5, 1]],
        ["d", [["t"], 1]],
        ["d", 3],
        ["zzz"],
        [],
        [["l"]],
        1 << 5000,
        {"a": 1},
    ],
    ids=repr,
)
def test_malformed_trees_are_refused(tree: Any) -> None:
    with pytest.raises(CodecError):
        decode(tree, memoryview(bytes(8)))


def test_leftover_bytes_are_refused() -> None:
    with pytest.raises(CodecError, match="left over"):
        decode(["a", "<f8", [1], "C", 0], memoryview(bytes(9)))


def test_impossible_booleans_and_characters_are_refused() -> None:
    with pytest.raises(CodecError, match="boolean"):
        decode(["a", "|b1", [1], "C", 0], memoryview(b"\x02"))
    with pytest.raises(CodecError, match="character"):
        decode(["s", "<U1"], memoryview(b"\xff\xff\xff\xff"))


@pytest.mark.parametrize(
    "prefix",
    [
        PREFIX.pack(b"HTTP", 1, 1),
        PREFIX.pack(MAGIC, (1 << 20) + 1, 0),
        PREFIX.pack(MAGIC, 1, (64 << 20) + 1),
    ],
)
def test_prefixes_beyond_the_limits_are_refused_before_reading(prefix: bytes) -> None:
    with pytest.raises(CodecError):
        sizes(prefix, REPLY)


@pytest.mark.parametrize(
    "header",
    [
        b"", b"{}", b'["d",["a",{}]]', b"[1,", b"\xff", b"NaN", b'["d",["a",NaN]]', b"1e999",
        b'["l"]', b"[" * 100_000, b'["d",[1,2]]', b'["d",["a",1e999]]', b"9" * 6000,
    ],
    ids=lambda header: repr(header[:20]),
)  # fmt: skip
def test_malformed_headers_are_refused(header: bytes) -> None:
    with pytest.raises(CodecError):
        unpack(header, memoryview(b""), REPLY)


json_trees = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False),
        st.sampled_from(["a", "l", "t", "d", "s", "c", "f", "y", "o", "<f8", "C", "G", "nan"]),
    ),
    lambda inner: st.lists(inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(json_trees, st.binary(max_size=32))
def test_any_tree_is_decoded_or_refused_but_never_surprises(tree: Any, body: bytes) -> None:
    header = json.dumps(tree).encode()
    try:
        message = unpack(header, memoryview(body), REPLY)
    except CodecError:
        return
    assert type(message) is dict


def test_the_bounds_are_those_that_are_documented() -> None:
    assert Bounds(1 << 20, 64 << 20, 16, 20_000, 8, 4096) == REPLY


# --- a dictionary that stands in several places


def parameters() -> dict[str, np.ndarray]:
    return {"W": np.arange(6.0).reshape(2, 3), "b": np.zeros((2, 1))}


def test_a_dictionary_in_several_places_is_written_once_and_stays_one() -> None:
    shared = parameters()
    value = [(np.ones(2), shared), (np.zeros(2), shared), {"again": shared}]
    frame = pack({"value": value})
    assert len(frame) < len(pack({"value": [*value[:2], {"again": parameters()}]}))
    result = there_and_back(value)
    assert same(result, value)
    assert result[0][1] is result[1][1] is result[2]["again"]


def test_equal_dictionaries_stay_apart() -> None:
    result = there_and_back([parameters(), parameters()])
    assert result[0] is not result[1]


def test_a_dictionary_inside_itself_is_refused() -> None:
    value: dict[str, Any] = {}
    value["me"] = [value]
    with pytest.raises(CodecError, match="inside itself"):
        pack({"value": value})


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        (["l", ["r", 0]], "there is not"),
        (["l", ["d"], ["r", 1]], "there is not"),
        (["l", ["d"], ["r", -1]], "there is not"),
        (["l", ["d"], ["r", "0"]], "there is not"),
        (["l", ["d"], ["r"]], "there is not"),
        (["d", ["me", ["r", 0]]], "inside itself"),
    ],
)
def test_a_lying_repeat_is_refused(tree: list[Any], says: str) -> None:
    with pytest.raises(CodecError, match=says):
        decode(tree, memoryview(b""))


def test_repeats_count_as_if_they_were_written_out() -> None:
    """A small frame must not stand for a value that takes for ever to walk through."""
    tree: list[Any] = ["d", ["a", 1]]
    pairs = [["0", tree]]
    for number in range(1, 40):  # each holds the one before twice
        pairs.append([str(number), ["d", ["l", ["r", number]], ["r", ["r", number]]]])
    with pytest.raises(CodecError, match="too often|parts"):
        decode(["d", *pairs], memoryview(b""))


def test_repeated_bytes_count_against_the_limit() -> None:
    small = Bounds(body=1000)
    shared = {"W": np.zeros(50)}
    with pytest.raises(CodecError, match="too often"):
        encode([shared, shared, shared], small)
    tree, buffers = encode([shared, shared, shared])
    with pytest.raises(CodecError, match="too often"):
        decode(tree, memoryview(b"".join(buffers)), small)


def test_a_repeat_may_not_go_deeper_than_what_is_written_out() -> None:
    deep: Any = {"end": 1}
    for _ in range(9):
        deep = {"in": deep}
    value: Any = [deep, deep]
    for _ in range(7):
        value = [value]
    with pytest.raises(CodecError, match="deep|too often"):
        pack({"value": value})
