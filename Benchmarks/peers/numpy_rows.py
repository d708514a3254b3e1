"""NumPy's side of the rows on matrices and of the network written out by hand."""
import sys
import time

import numpy as np


def best(f, rounds):
    f()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            f()
        times.append((time.perf_counter() - start) / rounds)
    return min(times)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def xor_by_hand(rounds=10000):
    np.random.seed(1)
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1.0]])
    Y = np.array([[0, 1, 1, 0.0]])
    W1, W2 = np.random.randn(4, 2), np.random.randn(1, 4)
    b1, b2 = np.zeros((4, 1)), np.zeros((1, 1))
    m = 4

    def step():
        nonlocal W1, W2, b1, b2
        Z1 = W1 @ X + b1
        A1 = sigmoid(Z1)
        Z2 = W2 @ A1 + b2
        A2 = sigmoid(Z2)
        J = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
        dZ2 = A2 - Y
        dW2 = dZ2 @ A1.T / m
        db2 = dZ2.sum(1, keepdims=True) / m
        dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
        dW1 = dZ1 @ X.T / m
        db1 = dZ1.sum(1, keepdims=True) / m
        W1 -= 0.5 * dW1
        b1 -= 0.5 * db1
        W2 -= 0.5 * dW2
        b2 -= 0.5 * db2
        return J

    start = time.perf_counter()
    for _ in range(rounds):
        J = step()
    seconds = (time.perf_counter() - start) / rounds
    for _ in range(20000 - rounds):  # nnrepl's rounds, for the same cost at the end
        J = step()
    print(f"xor-by-hand {seconds:.6e} {J:.6f}")


def matrices():
    rng = np.random.RandomState(1)
    x, y = rng.rand(1000, 1000), rng.rand(1000, 1000)
    print(f"elementwise {best(lambda: x * (1 - x) * y, 5):.6e}")
    print(f"sigmoid {best(lambda: sigmoid(x), 5):.6e}")
    print(f"tanh {best(lambda: np.tanh(x), 5):.6e}")
    print(f"sum {best(lambda: x.sum(), 20):.6e}")
    for n in (64, 256, 1024):
        a, b = rng.rand(n, n), rng.rand(n, n)
        print(f"product-{n} {best(lambda: a @ b, max(1, int(2e8 / (2 * n**3)))):.6e}")


def mlp(n=12800, batch=64):
    rng = np.random.RandomState(0)
    X = rng.rand(n, 784)
    Y = np.eye(10)[rng.randint(0, 10, n)]
    W1, b1 = rng.randn(784, 128) * 0.05, np.zeros(128)
    W2, b2 = rng.randn(128, 10) * 0.1, np.zeros(10)

    def epoch():
        nonlocal W1, b1, W2, b2
        order = rng.permutation(n)
        for s in range(0, n, batch):
            x, y = X[order[s : s + batch]], Y[order[s : s + batch]]
            z1 = x @ W1 + b1
            a1 = np.maximum(z1, 0)
            z2 = a1 @ W2 + b2
            e = np.exp(z2 - z2.max(1, keepdims=True))
            d2 = (e / e.sum(1, keepdims=True) - y) / batch
            dW2, db2 = a1.T @ d2, d2.sum(0)
            d1 = (d2 @ W2.T) * (z1 > 0)
            W1 -= 0.1 * (x.T @ d1)
            b1 -= 0.1 * d1.sum(0)
            W2 -= 0.1 * dW2
            b2 -= 0.1 * db2

    epoch()
    start = time.perf_counter()
    for _ in range(3):
        epoch()
    print(f"mlp {(time.perf_counter() - start) / 3 / (n / batch):.6e}")


def table(path):
    start = time.perf_counter()
    A = np.loadtxt(path, delimiter=",", skiprows=1)
    seconds = time.perf_counter() - start
    print(f"table {seconds / 20:.6e} {A.sum():.3f}")


if sys.argv[1] == "table":
    table(sys.argv[2])
else:
    {"xor": xor_by_hand, "matrices": matrices, "mlp": mlp}[sys.argv[1]]()
