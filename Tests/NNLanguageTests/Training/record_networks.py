"""Records gradients and 100 training steps of PyTorch's networks, and the planar exercise in NumPy:
prints RecordedNetworks.swift. Needs numpy and torch."""

import numpy as np
import torch

ACTIVATIONS = {
    "": lambda z: z, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "softplus": torch.nn.functional.softplus, "gelu": torch.nn.functional.gelu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01), "elu": torch.nn.functional.elu,
    "softmax": lambda z: torch.softmax(z, 0), "sin": torch.sin,
}

COSTS = {
    "bce": lambda a, y: -(y * torch.log(a) + (1 - y) * torch.log(1 - a)).sum() / y.shape[1],
    "mse": lambda a, y: ((a - y) ** 2).sum() / y.shape[1],
    "crossentropy": lambda a, y: -(y * torch.log(a)).sum() / y.shape[1],
}

# name, layers as nnrepl has them, cost, optimiser in nnrepl, optimiser in PyTorch, spread of the weights
CASES = [
    ("tanh and sigmoid", ["dense 2 4 tanh", "dense 4 1 sigmoid"], "bce", "sgd(0.5)",
     lambda p: torch.optim.SGD(p, lr=0.5)),
    ("relu and softmax", ["dense 3 5 relu", "dense 5 3 softmax"], "crossentropy", "adam(0.02)",
     lambda p: torch.optim.Adam(p, lr=0.02)),
    ("two sigmoids", ["dense 2 3 sigmoid", "dense 3 2 sigmoid"], "mse", "momentum(0.1)",
     lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    ("softplus, gelu, none", ["dense 3 4 softplus", "dense 4 3 gelu", "dense 3 1"], "mse", "nesterov(0.02)",
     lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True)),
    ("leaky_relu and elu", ["dense 3 4 leaky_relu", "dense 4 4 elu", "dense 4 1"], "mse", "rmsprop(0.01)",
     lambda p: torch.optim.RMSprop(p, lr=0.01)),
    ("batchnorm after the activation", ["dense 3 4 tanh", "batchnorm", "dense 4 1 sigmoid"], "bce", "adamw(0.02)",
     lambda p: torch.optim.AdamW(p, lr=0.02)),
    ("batchnorm before the activation", ["dense 3 4", "batchnorm", "tanh", "dense 4 3 softmax"], "crossentropy",
     "adagrad(0.1)", lambda p: torch.optim.Adagrad(p, lr=0.1)),
    ("four layers", ["dense 2 6 tanh", "dense 6 5 sin", "dense 5 4 tanh", "dense 4 1 sigmoid"], "bce", "adam(0.01)",
     lambda p: torch.optim.Adam(p, lr=0.01)),
    ("logistic regression", ["dense 3 1 sigmoid"], "bce", "sgd(stepwise(0.5, 30, 0.5))",
     lambda p: torch.optim.SGD(p, lr=0.5)),
]


def tensor(a):
    return torch.tensor(a, dtype=torch.float64)


class Net:
    def __init__(self, layers):
        self.layers = [l.split() for l in layers]
        self.params, self.running, k = {}, {}, 0
        for layer in self.layers:
            if layer[0] == "dense":
                k, n, m = k + 1, int(layer[1]), int(layer[2])
                self.params["W%d" % k] = torch.nn.Parameter(tensor(np.random.randn(m, n) * 0.7))
                self.params["b%d" % k] = torch.nn.Parameter(torch.zeros(m, 1, dtype=torch.float64))
                width = m
            elif layer[0] == "batchnorm":
                self.params["gamma%d" % k] = torch.nn.Parameter(torch.ones(width, 1, dtype=torch.float64))
                self.params["beta%d" % k] = torch.nn.Parameter(torch.zeros(width, 1, dtype=torch.float64))
                self.running[k] = torch.nn.BatchNorm1d(width, affine=False, dtype=torch.float64)

    def __call__(self, a):
        k = 0
        for layer in self.layers:
            if layer[0] == "dense":
                k += 1
                a = self.params["W%d" % k] @ a + self.params["b%d" % k]
                a = ACTIVATIONS[layer[3] if len(layer) > 3 else ""](a)
            elif layer[0] == "batchnorm":
                a = self.params["gamma%d" % k] * self.running[k](a.T).T + self.params["beta%d" % k]
            else:
                a = ACTIVATIONS[layer[0]](a)
        return a


def source(layers):
    parts = []
    for layer in layers:
        words = layer.split()
        if words[0] == "dense":
            args = words[1:3] + words[3:4] + ["init = (m, n) -> 0.7*randn(m, n)"]
            parts.append("dense(%s)" % ", ".join(args))
        else:
            parts.append("batchnorm()" if words[0] == "batchnorm" else words[0])
    return "network(%s)" % ", ".join(parts)


def flat(t):
    return "[" + ", ".join(repr(x) for x in np.asarray(t).ravel().tolist()) + "]"


print("// Made by record_networks.py from PyTorch %s and NumPy %s." % (torch.__version__.split("+")[0], np.__version__))
print("""
enum RecordedNetworks {
  struct Case: Sendable {
    let name: String
    let network: String
    let data: String
    let loss: String
    let optimiser: String
    /// Fields of the network after the first backward, row by row.
    let gradients: [(String, [Double])]
    /// The cost of the network after 100 steps, and its params and running values.
    let cost: Double
    let params: [(String, [Double])]
    /// What it predicts then.
    let prediction: [Double]
  }
""")
print("  static let cases: [Case] = [")
for name, layers, cost, opt, make in CASES:
    words = [l.split() for l in layers if l.startswith("dense")]
    n, rows = int(words[0][1]), int(words[-1][2])
    np.random.seed(7)
    x = np.random.randn(n, 9)
    if cost == "mse":
        y, ysource = np.random.randn(rows, 9), "randn(%d, 9)" % rows
    elif rows == 1:
        y, ysource = (np.random.rand(1, 9) > 0.5) * 1.0, "rand(1, 9) > 0.5"
    else:
        y, ysource = np.eye(rows)[:, np.arange(9) % rows], "onehot(mod(0:8, %d) + 1)" % rows
    net = Net(layers)
    optimiser = make(list(net.params.values()))
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, 30, 0.5) if "stepwise" in opt else None
    X, Y = tensor(x), tensor(y)
    gradients = []
    for step in range(100):
        optimiser.zero_grad()
        J = COSTS[cost](net(X), Y)
        J.backward()
        if step == 0:
            gradients = [("d" + k, p.grad.clone()) for k, p in net.params.items()]
        optimiser.step()
        if schedule:
            schedule.step()
    params = [(k, p.detach()) for k, p in net.params.items()]
    for k, r in net.running.items():
        params += [("mean%d" % k, r.running_mean), ("var%d" % k, r.running_var)]
    for r in net.running.values():
        r.eval()
    prediction = net(X).detach()
    pairs = lambda items: "[" + ",\n        ".join('("%s", %s)' % (k, flat(v)) for k, v in items) + "]"
    print('    Case(\n      name: "%s", network: "%s",' % (name, source(layers)))
    print('      data: "seed(7); X = randn(%d, 9); Y = %s;", loss: "%s", optimiser: "%s",' % (n, ysource, cost, opt))
    print("      gradients: %s,\n      cost: %r,\n      params: %s,\n      prediction: %s)," %
          (pairs(gradients), J.item(), pairs(params), flat(prediction)))
print("  ]\n")

# The planar exercise: 400 points of a flower, two layers, plain NumPy.
np.random.seed(1)
m, N, D = 400, 200, 2
X, Y = np.zeros((m, D)), np.zeros((m, 1))
for j in range(2):
    ix = range(N * j, N * (j + 1))
    t = np.linspace(j * 3.12, (j + 1) * 3.12, N) + np.random.randn(N) * 0.2
    r = 4 * np.sin(4 * t) + np.random.randn(N) * 0.2
    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
    Y[ix] = j
X, Y = X.T, Y.T
np.random.seed(2)
W1, b1 = np.random.randn(4, 2) * 0.01, np.zeros((4, 1))
W2, b2 = np.random.randn(1, 4) * 0.01, np.zeros((1, 1))
costs = []
for step in range(100):
    A1 = np.tanh(W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    costs.append(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m)
    dZ2 = A2 - Y
    dW2, db2 = dZ2 @ A1.T / m, dZ2.sum(1, keepdims=True) / m
    dZ1 = W2.T @ dZ2 * (1 - A1**2)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(1, keepdims=True) / m
    W1, b1, W2, b2 = W1 - 1.2 * dW1, b1 - 1.2 * db1, W2 - 1.2 * dW2, b2 - 1.2 * db2
print("  /// Cost before each of 100 steps of the planar exercise, then the params.")
print("  static let planarCosts: [Double] = %s" % flat(costs))
print("  static let planarParams: [(String, [Double])] = [")
for k, v in [("W1", W1), ("b1", b1), ("W2", W2), ("b2", b2)]:
    print('    ("%s", %s),' % (k, flat(v)))
print("  ]\n}")
