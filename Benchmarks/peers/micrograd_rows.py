"""micrograd's side of the small network (its own: relu and squared error) and of the long chain."""
import random
import sys
import time

from micrograd.engine import Value
from micrograd.nn import MLP


def xor(rounds=200):
    random.seed(1)
    net = MLP(2, [4, 1])
    X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    start = time.perf_counter()
    for _ in range(rounds):
        cost = sum((net(x) - y) ** 2 for x, y in zip(X, Y)) * (1 / 4)
        net.zero_grad()
        cost.backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad
    print(f"xor-gradients {(time.perf_counter() - start) / rounds:.6e}")


def chain(rounds=1000):
    sys.setrecursionlimit(100000)
    x = Value(1.0)
    start = time.perf_counter()
    y = x
    for _ in range(rounds):
        y = y * 1.00001 + 0.00001
    y.backward()
    print(f"chain {(time.perf_counter() - start) / (2 * rounds):.6e}")


{"xor": xor, "chain": chain}[sys.argv[1]]()
