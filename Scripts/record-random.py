#!/usr/bin/env python3
"""Records NumPy's legacy random stream, and problems made from it, for the tests of RandomStream.

Run with NumPy and scikit-learn installed; writes Tests/NNCoreTests/Random/RecordedStreams.swift.
Streams are recorded as a hash of all bits (FNV-1a over the little-endian doubles) beside the first and last number.
"""
import pathlib
import struct

import numpy as np
from sklearn import datasets

SEEDS = [0, 1, 2, 42, 12345, 2**32 - 1]
COUNT = 1000
RANGES = [(0, 1), (1, 6), (-5, 5), (0, 2**31), (0, 2**32 - 1), (0, 2**40), (-(2**53), 2**53)]


def bits(values):
    data = np.asarray(values, dtype="<f8").ravel().tobytes()
    state = 0xCBF29CE484222325
    for byte in data:
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return state


def row(seed, what, values):
    values = np.asarray(values, dtype=float).ravel()
    return f'  .init({seed}, "{what}", 0x{bits(values):016x}, {float(values[0])!r}, {float(values[-1])!r}),'


def interleaved(random):
    """Draws of all kinds in turn, an odd number of normal ones so that one is always waiting."""
    drawn = []
    while len(drawn) < COUNT:
        drawn += list(random.randn(3))
        drawn += list(random.rand(2))
        drawn += list(random.randint(-3, 11, 5))
        drawn += list(random.permutation(7))
        shuffled = np.arange(10.0)
        random.shuffle(shuffled)
        drawn += list(shuffled)
    return drawn


def streams():
    for seed in SEEDS:
        new = lambda: np.random.RandomState(seed)
        yield row(seed, "rand", new().rand(COUNT))
        yield row(seed, "randn", new().randn(COUNT))
        for low, high in RANGES:
            yield row(seed, f"randint {low} {high}", new().randint(low, high + 1, COUNT))
        yield row(seed, "permutation", new().permutation(COUNT))
        shuffled = np.arange(COUNT) * 0.5
        new().shuffle(shuffled)
        yield row(seed, "shuffle", shuffled)
        columns = np.arange(2.0 * COUNT).reshape(2, COUNT).T.copy()
        new().shuffle(columns)
        yield row(seed, "shuffle columns", columns.T)
        yield row(seed, "interleaved", interleaved(new()))


def flower():
    np.random.seed(1)
    m = 400
    half = m // 2
    points = np.zeros((m, 2))
    classes = np.zeros((m, 1))
    for j in range(2):
        places = range(half * j, half * (j + 1))
        t = np.linspace(j * 3.12, (j + 1) * 3.12, half) + np.random.randn(half) * 0.2
        r = 4 * np.sin(4 * t) + np.random.randn(half) * 0.2
        points[places] = np.c_[r * np.sin(t), r * np.cos(t)]
        classes[places] = j
    return points, classes


def spiral(per_class, classes):
    np.random.seed(3)
    points, labels = [], []
    for j in range(classes):
        r = np.linspace(0.0, 1, per_class)
        t = np.linspace(j * 4, (j + 1) * 4, per_class) + np.random.randn(per_class) * 0.2
        points.append(np.c_[r * np.sin(t), r * np.cos(t)])
        labels.append(np.full(per_class, j))
    return np.concatenate(points), np.concatenate(labels)


def problems():
    for name, (points, classes) in {
        "moons 7": datasets.make_moons(7, noise=None, random_state=5),
        "moons 200": datasets.make_moons(200, noise=0.2, random_state=3),
        "circles 101": datasets.make_circles(101, noise=0.05, factor=0.5, random_state=1),
        "blobs 100": datasets.make_blobs(100, random_state=4),
        "blobs 11": datasets.make_blobs(11, centers=4, cluster_std=0.5, random_state=0),
        "spiral": spiral(100, 3),
        "flower": flower(),
    }.items():
        points = points.T
        places = [0, 1, points.shape[1] // 2, points.shape[1] - 1]
        some = [float(v) for v in points[:, places].ravel()]
        weights = np.arange(1, points.shape[1] + 1)
        total = [float((row * weights).sum()) for row in points]
        yield f'  .init("{name}", {points.shape[1]}, {some!r}, {total!r}, 0x{bits(classes):016x}),'


target = pathlib.Path(__file__).parent.parent / "Tests/NNCoreTests/Random/RecordedStreams.swift"
target.write_text(
    "// Written by Scripts/record-random.py with NumPy "
    + np.__version__
    + ".\n// swift-format-ignore-file\n\nlet recordedStreams: [RecordedStream] = [\n"
    + "\n".join(streams())
    + "\n]\n\nlet recordedProblems: [RecordedProblem] = [\n"
    + "\n".join(problems())
    + "\n]\n"
)
