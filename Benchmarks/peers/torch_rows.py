"""PyTorch's side: the small network, the large one, matrices, a long chain."""
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def best(f, rounds):
    f()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            f()
        times.append((time.perf_counter() - start) / rounds)
    return min(times)


def xor(rounds=3000):
    X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    Y = torch.tensor([[0], [1], [1], [0.0]])
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.Sigmoid(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()
    )
    loss, optimizer = torch.nn.BCELoss(), torch.optim.SGD(net.parameters(), lr=0.5)

    def step():
        optimizer.zero_grad()
        loss(net(X), Y).backward()
        optimizer.step()

    for _ in range(200):
        step()
    start = time.perf_counter()
    for _ in range(rounds):
        step()
    print(f"xor-gradients {(time.perf_counter() - start) / rounds:.6e}")


def mlp(n=12800, batch=64):
    X = torch.rand(n, 784)
    labels = torch.randint(0, 10, (n,))
    net = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def epoch():
        order = torch.randperm(n)
        for s in range(0, n, batch):
            optimizer.zero_grad()
            rows = order[s : s + batch]
            torch.nn.functional.cross_entropy(net(X[rows]), labels[rows]).backward()
            optimizer.step()

    epoch()
    start = time.perf_counter()
    for _ in range(2):
        epoch()
    print(f"mlp {(time.perf_counter() - start) / 2 / (n / batch):.6e}")


def matrices():
    x, y = torch.rand(1000, 1000), torch.rand(1000, 1000)
    print(f"elementwise {best(lambda: x * (1 - x) * y, 5):.6e}")
    print(f"sigmoid {best(lambda: torch.sigmoid(x), 5):.6e}")
    print(f"tanh {best(lambda: torch.tanh(x), 5):.6e}")
    print(f"sum {best(lambda: x.sum(), 20):.6e}")
    for n in (64, 256, 1024):
        a, b = torch.rand(n, n), torch.rand(n, n)
        print(f"product-{n} {best(lambda: a @ b, max(1, int(2e8 / (2 * n**3)))):.6e}")


def chain():
    def run():
        x = torch.tensor(1.0, requires_grad=True)
        y = x
        for _ in range(20000):
            y = y * 1.00001 + 0.00001
        y.backward()
        return x.grad.item()

    run()
    start = time.perf_counter()
    gradient = run()
    print(f"chain {(time.perf_counter() - start) / 40000:.6e} {gradient:.6f}")


{"xor": xor, "mlp": mlp, "matrices": matrices, "chain": chain}[sys.argv[1]]()
