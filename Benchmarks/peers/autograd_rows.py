"""HIPS autograd's side of the small network and of the long chain."""
import sys
import time

import autograd
import autograd.numpy as np
import numpy


def xor(rounds=1000):
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1.0]])
    Y = np.array([[0, 1, 1, 0.0]])
    rng = numpy.random.RandomState(1)
    p = [rng.randn(4, 2), numpy.zeros((4, 1)), rng.randn(1, 4), numpy.zeros((1, 1))]

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def cost(p):
        W1, b1, W2, b2 = p
        A2 = sigmoid(np.dot(W2, sigmoid(np.dot(W1, X) + b1)) + b2)
        return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

    gradient = autograd.grad(cost)
    start = time.perf_counter()
    for _ in range(rounds):
        p = [a - 0.5 * b for a, b in zip(p, gradient(p))]
    print(f"xor-gradients {(time.perf_counter() - start) / rounds:.6e}")


def chain(rounds=2000):
    def run(x):
        for _ in range(rounds):
            x = x * 1.00001 + 0.00001
        return x

    gradient = autograd.grad(run)
    gradient(1.0)
    start = time.perf_counter()
    gradient(1.0)
    print(f"chain {(time.perf_counter() - start) / (2 * rounds):.6e}")


{"xor": xor, "chain": chain}[sys.argv[1]]()
