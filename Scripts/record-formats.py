#!/usr/bin/env python3
"""Records the files that NNFormatsTests read, made and judged by NumPy, pandas and safetensors.

    python3 -m venv /some/folder && /some/folder/bin/pip install numpy pandas safetensors
    /some/folder/bin/python Scripts/record-formats.py           # records Tests/NNFormatsTests/Resources again
    /some/folder/bin/python Scripts/record-formats.py check DIR # loads what the tests wrote to DIR

The tests write their files to the folder that the environment variable NNREPL_WRITE_FILES names.
"""

import io
import math
import random
import struct
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors import safe_open
from safetensors.numpy import save_file

RESOURCES = Path(__file__).resolve().parent.parent / "Tests/NNFormatsTests/Resources"
SAMPLE = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 100, 127]])


def folder(name):
    path = RESOURCES / name
    path.mkdir(parents=True, exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    return path


def record_npy():
    path = folder("npy")
    for kind in "f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 b1".split():
        for order, letter in (("<", "le"), (">", "be")):
            if order == ">" and kind[1] == "1":
                continue
            for layout in "CF":
                array = np.array(SAMPLE.astype(order + kind), order=layout)
                np.save(path / f"{kind}-{letter}-{layout}.npy", array)
    for version in (1, 2, 3):
        with open(path / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, SAMPLE.astype("<f8"), version=(version, 0))
    np.save(path / "axes0.npy", np.float64(42))
    np.save(path / "axes1.npy", np.arange(5.0))
    np.save(path / "axes3.npy", np.zeros((2, 3, 4)))
    np.save(path / "empty.npy", np.zeros((0, 3)))
    np.save(path / "complex.npy", np.zeros(2, complex))
    np.save(path / "records.npy", np.zeros(2, [("a", "<f8"), ("b", "<i4")]))
    np.save(path / "object.npy", np.array([1, None], object), allow_pickle=True)
    np.save(path / "text.npy", np.array(["a", "b"]))
    # Every sign and exponent of binary16 with a few fractions, and the same numbers as doubles.
    fractions = np.array([0, 1, 2, 0x155, 0x200, 0x2AA, 0x3FE, 0x3FF], np.uint16)
    halves = (np.arange(64, dtype=np.uint16)[:, None] << 10 | fractions).view(np.float16)
    np.save(path / "halves-f2.npy", halves)
    np.save(path / "halves-f8.npy", halves.astype(float))


def record_npz():
    path = folder("npz")
    arrays = {"W1": SAMPLE.astype(float), "b1": np.array([[1.5], [-2.5]]), "n": np.int32(7)}
    np.savez(path / "stored.npz", **arrays)
    np.savez_compressed(path / "compressed.npz", **arrays, zeros=np.zeros((100, 100)))
    np.savez(path / "fortran.npz", F=np.asfortranarray(SAMPLE.astype(">i2")))
    np.savez(path / "none.npz")


def record_safetensors():
    path = folder("safetensors")
    tensors = {}
    for kind in "f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 ?".split():
        tensors[np.dtype(kind).name] = np.ascontiguousarray(SAMPLE.astype(kind))
    tensors["scalar"] = np.array(2.5)
    tensors["vector"] = np.array([1.0, 2.0, 3.0])
    tensors["empty"] = np.zeros((0, 3))
    metadata = {"format": "np", "naïve “quotes”": 'a "b"\n\\ \u0001 😀'}
    save_file(tensors, path / "types.safetensors", metadata=metadata)
    save_file({"x": np.zeros((2, 3, 4))}, path / "axes3.safetensors")
    small = {"W1": SAMPLE.astype("f4"), "b1": np.array([1.5])}
    save_file(small, path / "small.safetensors", metadata={"format": "np"})
    # bfloat16 is not NumPy's: the upper halves of float32.
    upper = (np.array([1.5, -2.0, np.pi, np.inf], "<f4").view("<u4") >> 16).astype("<u2")
    header = b'{"x":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}}   '
    data = struct.pack("<Q", len(header)) + header + upper.tobytes()
    (path / "bfloat16.safetensors").write_bytes(data)


def record_idx():
    path = folder("idx")
    images = (np.arange(3 * 2 * 4) * 10).astype(np.uint8).reshape(3, 2, 4)
    codes = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
    for kind, code in codes.items():
        data = images.astype(">" + kind)
        header = struct.pack(">BBBB3I", 0, 0, code, 3, *images.shape)
        (path / f"{kind}.idx").write_bytes(header + data.tobytes())
    labels = np.array([5, 0, 4], np.uint8)
    (path / "labels-idx1-ubyte").write_bytes(struct.pack(">BBBBI", 0, 0, 8, 1, 3) + labels.tobytes())
    table = np.arange(6, dtype=">i4").reshape(3, 2)
    (path / "table.idx").write_bytes(struct.pack(">BBBB2I", 0, 0, 12, 2, 3, 2) + table.tobytes())
    np.save(path / "images.npy", images.reshape(3, 8).T.astype(float))


def record_csv():
    """Each NAME.csv with what pandas reads of it: NAME.npy the numbers, NAME.txt the names and texts."""
    path = folder("csv")
    rng = np.random.RandomState(1)
    frame = pd.DataFrame(rng.randn(20, 4) * 10.0 ** rng.randint(-8, 9, (20, 4)), columns=list("abcd"))
    frame["note, quoted"] = ['say "hi"', "two\nlines", "plain", "NaNs", "semi;colon"] * 4
    frame["class"] = ["setosa", "virginica"] * 10
    frame.iloc[3, 1] = np.nan
    frame.iloc[4, 2] = np.inf
    frame.iloc[5, 2] = -np.inf
    numbers = frame[list("abcd")]
    texts = {
        "plain": numbers.to_csv(index=False),
        "text": frame.to_csv(index=False),
        "all-quoted": frame.to_csv(index=False, quoting=1),
        "crlf": frame.to_csv(index=False, lineterminator="\r\n"),
        "cr": numbers.to_csv(index=False, lineterminator="\r"),
        "bom": "\ufeff" + frame.to_csv(index=False),
        "na": frame.to_csv(index=False, na_rep="NA"),
        "semicolon": frame.to_csv(index=False, sep=";"),
        "decimal-comma": numbers.to_csv(index=False, sep=";", decimal=","),
        "index": frame.to_csv(),
        "no-header": numbers.to_csv(index=False, header=False),
        "integers": (numbers.fillna(0).clip(-99, 99)).astype(int).to_csv(index=False),
        "unicode": "größe,Ω\n1,α\n2,β\n",
        "blank-lines": "\n\na,b\n\n1,2\n\n\n3,4\n\n",
    }
    for name, text in texts.items():
        write_csv(path, name + ".csv", text)
    write_csv(path, "tabs.tsv", frame.to_csv(index=False, sep="\t"))
    buffer = io.StringIO()
    np.savetxt(buffer, rng.randn(10, 3), delimiter=",", header="x,y,z")
    write_csv(path, "savetxt.csv", buffer.getvalue().replace("# ", "", 1))
    (path / "savetxt.csv").write_bytes(buffer.getvalue().encode())


def write_csv(path, name, text):
    (path / name).write_bytes(text.encode())
    stem = name.split(".")[0]
    separator = {"semicolon": ";", "decimal-comma": ";", "tabs": "\t"}.get(stem, ",")
    decimal = "," if stem == "decimal-comma" else "."
    header = None if stem == "no-header" else 0
    frame = pd.read_csv(
        io.StringIO(text.lstrip("\ufeff")), sep=separator, decimal=decimal, header=header
    )
    numeric = frame.select_dtypes("number")
    np.save(path / (stem + ".npy"), numeric.to_numpy(float))
    columns = [c for c in frame.columns if c not in numeric.columns]
    rows = [[str(c) for c in columns]] + frame[columns].values.tolist()
    lines = ["\t".join(cell.replace("\n", "\\n") for cell in row) for row in rows]
    (path / (stem + ".txt")).write_text("\n".join(lines) if columns else "")


def record_numbers():
    """Decimal texts with the bits of the nearest double, as Python's exact arithmetic has them."""
    path = folder("numbers")
    rng = random.Random(1)
    texts = """0 -0 0.0 1 1. .5 -1.5 +2 1e5 1E5 1e+5 1e-5 0.1 0.2 0.3 1e22 1e23 1e-22 1e-23 9007199254740993
        9007199254740992 9007199254740991 18446744073709551615 18446744073709551616 9999999999999999999
        99999999999999999999 1e400 -1e400 1e-400 5e-324 2.4703282292062327e-324 2.4703282292062328e-324
        2.2250738585072014e-308 2.2250738585072011e-308 1.7976931348623157e308 1.7976931348623159e308
        1e99999999999999999999 1e-99999999999999999999 0e999999 0.000000000000000000000000000001
        1000000000000000000000000000000 3.14159265358979323846264338327950288419716939937510
        123456789.123456789e-5 00000000000000000000001.5 1.50000000000000000000000000000""".split()
    for _ in range(600):  # the shortest texts of random doubles
        value = struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]
        if math.isfinite(value):
            texts.append(repr(value))
    for _ in range(600):  # the ranges that files have, up to 19 digits
        digits = rng.randint(1, 19)
        texts.append(f"{rng.gauss(0, 1) * 10.0 ** rng.randint(-9, 9):.{digits - 1}e}")
        texts.append(f"{rng.gauss(0, 1000):.{digits}f}")
    for _ in range(600):  # exactly between two doubles, and one unit of the last digit to either side
        value = rng.getrandbits(53) | 1 << 52
        exponent = rng.randint(-40, 30)
        tie = Fraction(2 * value + 1, 2) * Fraction(2) ** exponent
        texts += around(tie)
    lines = []
    for text in texts:
        bits = struct.unpack("<Q", struct.pack("<d", float(text)))[0]
        lines.append(f"{text} {bits:016x}")
    (path / "numbers.txt").write_text("\n".join(lines) + "\n")


def around(tie):
    """The tie in all its digits, and with its last of 19 digits moved."""
    digits = -(tie.denominator.bit_length() - 1)
    whole = tie * Fraction(10) ** -digits
    exact = f"{int(whole)}e{digits}"
    scale = len(str(int(whole))) - 19
    if scale <= 0:
        return [exact]
    short = int(whole) // 10**scale
    return [exact, f"{short}e{digits + scale}", f"{short + 1}e{digits + scale}"]


def check(path):
    """Loads what nnrepl wrote and compares it with what the tests say they wrote."""
    sample = np.array([[1, -2.5, 3], [0.1, np.inf, -0.0]])
    def same(array):
        assert array.dtype == np.float64 and array.shape == sample.shape
        assert array.tobytes() == sample.tobytes(), array
    same(np.load(path / "sample.npy"))
    archive = np.load(path / "sample.npz")
    assert archive.files == ["W1", "ŷ"], archive.files
    same(archive["W1"])
    same(archive["ŷ"])
    with safe_open(path / "sample.safetensors", "numpy") as tensors:
        same(tensors.get_tensor("W1"))
        same(tensors.get_tensor('a "b"'))
        assert tensors.metadata() == {"layers": "dense(2, 4, tanh)\n\u0001", "é": "\\"}, tensors.metadata()
    same(np.loadtxt(path / "sample.csv", delimiter=","))
    frame = pd.read_csv(path / "table.csv")
    assert list(frame.columns) == ["x", "a,b", "7"], frame.columns
    assert frame["a,b"].tolist() == ['say "hi"', "two\nlines", "plain"], frame
    assert frame["x"].tolist()[:2] == [0.1, 1e300] and math.isnan(frame["x"][2])
    print("all files load and hold what was written")


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        check(Path(sys.argv[2]))
    else:
        for record in (record_npy, record_npz, record_safetensors, record_idx, record_csv, record_numbers):
            record()
