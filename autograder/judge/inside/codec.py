"""Values as plain data: what may cross between the learner's process and the judge's.

`encode` turns a value into JSON with blobs beside it, `decode` turns it back.  Numbers, texts,
lists, tuples, dicts, sets, random generators and real or complex numpy arrays cross; everything
else is up to the two ends, through `Encoder.special` and `Decoder.special`.  An array crosses as
its type, its shape and its raw bytes; both sides check that these agree.
"""

import math
from typing import Any

import numpy as np

KINDS = "biufc"  # bool, integers, floats, complex
MAX_DEPTH = 40
MAX_DIGITS = 4000
MAX_VALUES = 100_000  # numbers and texts outside arrays
MAX_SEED = 100  # numbers that a generator's seed may be made of
MAX_KEYS = 500  # entries of sets and dicts together: whoever picks them can make each one slow
_PLAIN = (type(None), bool, str)


class Uncodable(Exception):
    """A value that cannot cross, or data that is no value."""


class Encoder:
    """Turn values into plain data; blobs gather in `blobs`."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self._count = 0

    def special(self, value: Any, depth: int) -> Any:
        """Encode what is this end's own business before the plain rules; None for "not mine"."""
        return None

    def other(self, value: Any) -> Any:
        """Encode a value that no rule fits."""
        raise Uncodable(f"a value of type {type(value).__name__} cannot cross")

    def note(self, value: Any) -> dict:
        """Return what to add to the data of a list, dict or array: a number to know it by."""
        return {}

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return `value` as data for JSON."""
        if depth > MAX_DEPTH:
            raise Uncodable(f"nested deeper than {MAX_DEPTH} levels, or holding itself")
        self._count += 1
        if self._count > MAX_VALUES:
            raise Uncodable(f"more than {MAX_VALUES} values outside arrays")
        special = self.special(value, depth)
        if special is not None:
            return special
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, np.random.Generator):
            return self._generator(value, depth)
        return self._python(value, depth)

    def _python(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return str.__str__(value).encode("utf-8", "replace").decode()
        if isinstance(value, int):
            number = int.__index__(value)
            if abs(number) < 1 << 53:
                return number
            if number.bit_length() > 3 * MAX_DIGITS:
                raise Uncodable(f"a whole number of more than {MAX_DIGITS} digits")
            return {"t": "int", "v": str(number)}
        if isinstance(value, float):
            number = float.__float__(value)
            return number if math.isfinite(number) else {"t": "float", "v": repr(number)}
        if isinstance(value, complex):
            return {"t": "complex", "v": [repr(value.real), repr(value.imag)]}
        if isinstance(value, (list, tuple, set, frozenset)):
            kinds = (list, tuple, set, frozenset)
            kind = next(k.__name__ for k in kinds if isinstance(value, k))
            number = self.note(value) if kind == "list" else {}
            return {"t": kind, "v": [self.encode(item, depth + 1) for item in value], **number}
        if isinstance(value, dict):
            number = self.note(value)
            pairs = [
                [self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()
            ]
            return {"t": "dict", "v": pairs, **number}
        return self.other(value)

    def _generator(self, value: np.random.Generator, depth: int) -> Any:
        """Send a generator: the other end draws the same numbers, from a copy."""
        if type(value.bit_generator) is not np.random.PCG64:
            return self.other(value)
        return {"t": "generator", **self.drawing(value.bit_generator, depth)}

    def drawing(self, bits: np.random.BitGenerator, depth: int) -> dict:
        """Return the state that numbers are drawn from, and the seed that `spawn` draws from."""
        data = {"v": self.encode(bits.state, depth + 1)}
        if type(bits.seed_seq) is np.random.SeedSequence:
            data["seed"] = self.encode(bits.seed_seq.state, depth + 1)
        return data

    def _array(self, value: np.ndarray) -> Any:
        plain = np.asarray(value)
        if plain.dtype.kind not in KINDS or plain.dtype.names:
            return self.other(value)
        number = self.note(value)
        return {"t": "array", **self.raw(plain), **number}

    def raw(self, plain: np.ndarray) -> dict:
        """Return an array as type, shape, order and the index of its bytes."""
        order = "C" if plain.flags.c_contiguous or not plain.flags.f_contiguous else "F"
        self.blobs.append(plain.tobytes(order=order))
        data = {"d": plain.dtype.str, "s": list(plain.shape), "b": len(self.blobs) - 1}
        if order == "F":
            data["f"] = 1
        if not plain.flags.writeable:
            data["r"] = 1
        return data

    def _scalar(self, value: np.generic) -> Any:
        if value.dtype.kind not in KINDS:
            if isinstance(value, np.str_):
                return self._python(str(value), 0)
            return self.other(value)
        return {"t": "scalar", **self.raw(np.asarray(value))}


class Decoder:
    """Turn plain data back into values, trusting none of it."""

    def __init__(self, blobs: list[bytes]):
        self.blobs = blobs
        self._keys = 0

    def special(self, kind: str, data: dict, depth: int) -> Any:
        """Decode a kind that is this end's own business."""
        raise Uncodable(f"no value is of kind {kind[:40]!r}")

    def noted(self, data: dict, value: Any) -> None:
        """Take note of a list, dict or array that came with a number."""

    def decode(self, data: Any, depth: int = 0) -> Any:
        """Return the value that `data` stands for."""
        if depth > MAX_DEPTH:
            raise Uncodable("nested too deeply")
        if isinstance(data, (*_PLAIN, int, float)):
            return data
        if not isinstance(data, dict) or not isinstance(data.get("t"), str):
            raise Uncodable("data without a kind")
        kind = data["t"]
        try:
            if kind in ("list", "tuple", "set", "frozenset", "dict"):
                return self._container(kind, data, depth)
            if kind in ("int", "float", "complex"):
                return _number(kind, data["v"])
            if kind in ("array", "scalar"):
                return self._array(kind, data)
            if kind == "generator":
                return self.generator(np.random.PCG64, data, depth)
            return self.special(kind, data, depth)
        except (KeyError, TypeError, ValueError, OverflowError, IndexError, MemoryError) as error:
            raise Uncodable(f"{kind[:40]}: {type(error).__name__}") from None

    def generator(self, kind: type, data: dict, depth: int) -> np.random.Generator:
        """Make a generator of this kind of bits from its state and its seed."""
        seed = self.decode(data.get("seed"), depth + 1)
        made = np.random.Generator(kind(0 if seed is None else _seed(seed)))
        made.bit_generator.state = self.decode(data["v"], depth + 1)
        return made

    def _container(self, kind: str, data: dict, depth: int) -> Any:
        items = data["v"]
        if not isinstance(items, list):
            raise Uncodable("a container without items")
        if kind not in ("list", "tuple"):
            self.count_keys(items)
        if kind == "dict":
            value: Any = {}
            self.noted(data, value)
            for key, item in items:
                value[self.decode(key, depth + 1)] = self.decode(item, depth + 1)
            return value
        if kind == "list":
            value = []
            self.noted(data, value)
            value.extend(self.decode(item, depth + 1) for item in items)
            return value
        made = {"tuple": tuple, "set": set, "frozenset": frozenset}[kind]
        return made(self.decode(item, depth + 1) for item in items)

    def count_keys(self, items: list) -> None:
        """Refuse sets and dicts of very many entries."""
        self._keys += len(items)
        if self._keys > MAX_KEYS:
            raise Uncodable(f"more than {MAX_KEYS} entries of sets and dicts")

    def _array(self, kind: str, data: dict) -> Any:
        value = self.array(data)
        if kind == "scalar":
            return value[()] if value.shape == () else _refuse("a scalar with a shape")
        self.noted(data, value)
        if data.get("r"):
            value.flags.writeable = False
        return value

    def array(self, data: dict) -> np.ndarray:
        """Build an array from checked type, shape and bytes."""
        dtype, shape = dtype_of(data["d"]), shape_of(data["s"])
        blob = self.blobs[_natural(data["b"])]
        if math.prod(shape) * dtype.itemsize != len(blob):
            raise Uncodable("an array whose bytes do not fit its shape")
        order = "F" if data.get("f") else "C"
        return np.frombuffer(bytearray(blob), dtype).reshape(shape, order=order)


def dtype_of(text: Any) -> np.dtype:
    """Return the type named by `text`, if it is one of plain numbers."""
    if not isinstance(text, str) or len(text) > 6 or text[1:2] not in KINDS or "," in text:
        raise Uncodable("an array type that is not of plain numbers")
    dtype = np.dtype(text)
    if dtype.kind not in KINDS or dtype.names or dtype.shape:
        raise Uncodable("an array type that is not of plain numbers")
    return dtype


def shape_of(sizes: Any) -> tuple[int, ...]:
    """Return `sizes` as a shape."""
    if not isinstance(sizes, list) or len(sizes) > 32:
        raise Uncodable("a shape that is none")
    return tuple(_natural(size) for size in sizes)


def _natural(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 40:
        raise Uncodable("a size or an index that is none")
    return number


def _number(kind: str, text: Any) -> Any:
    if kind == "complex":
        return complex(float(text[0]), float(text[1]))
    if not isinstance(text, str) or len(text) > MAX_DIGITS + 1:
        raise Uncodable("a number that is none")
    return int(text) if kind == "int" else float(text)


def _seed(parts: dict) -> np.random.SeedSequence:
    """Make a seed; a long one, or one with a large pool, would take long to mix."""
    if _natural(parts["pool_size"]) > MAX_SEED or max(map(np.size, parts.values())) > MAX_SEED:
        raise Uncodable("a seed that is too long")
    return np.random.SeedSequence(**parts)


def _refuse(what: str) -> None:
    raise Uncodable(what)
