"""Records 50 steps of PyTorch's optimisers: prints RecordedSteps.swift. Needs torch."""

import torch

START = [1.5, -2.0, 0.25, 3.0]
TARGET = [0.5, 1.0, -1.0, 0.0]
SCALE = [1.0, 0.3, 2.0, 0.05]
KEPT = [1, 2, 10, 50]

T = lambda xs: torch.tensor(xs, dtype=torch.float64)


def gradient(w):
    return T(SCALE) * (w - T(TARGET)) + 0.01 * w * w * w


CASES = [
    ("sgd", "SGD()", 0.1, lambda p: torch.optim.SGD(p, lr=0.1)),
    ("sgd with decay", "SGD(weightDecay: 0.1)", 0.1, lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.1)),
    ("momentum", "Momentum(beta: 0.8)", 0.05, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8)),
    ("momentum with decay", "Momentum(weightDecay: 0.02)", 0.05,
     lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.02)),
    ("nesterov", "Nesterov(beta: 0.8)", 0.05,
     lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True)),
    ("adagrad", "AdaGrad()", 0.2, lambda p: torch.optim.Adagrad(p, lr=0.2)),
    ("rmsprop", "RMSProp(beta: 0.95)", 0.02, lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.95)),
    ("adam", "Adam()", 0.05, lambda p: torch.optim.Adam(p, lr=0.05)),
    ("adam with other settings", "Adam(moments: Moments(beta1: 0.8, beta2: 0.95, epsilon: 1e-6), weightDecay: 0.1)",
     0.05, lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    ("adamw", "AdamW()", 0.05, lambda p: torch.optim.AdamW(p, lr=0.05)),
    ("adamw with more decay", "AdamW(weightDecay: 0.2)", 0.05,
     lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.2)),
]


def steps(make, clip=None, schedule=None):
    w = torch.nn.Parameter(T(START))
    optimiser = make([w])
    scheduler = schedule(optimiser) if schedule else None
    rows = []
    for step in range(1, 51):
        w.grad = gradient(w.detach())
        if clip:
            torch.nn.utils.clip_grad_norm_([w], clip)
        optimiser.step()
        if scheduler:
            scheduler.step()
        if step in KEPT:
            rows.append(w.detach().tolist())
    return rows


def swift(rows):
    return "[" + ", ".join("[" + ", ".join(repr(x) for x in row) + "]" for row in rows) + "]"


print("@testable import NNCore\n")
print("// Made by record_steps.py from PyTorch %s.\n" % torch.__version__.split("+")[0])
print("enum RecordedSteps {")
print("  static let start: [Double] = %s" % START)
print("  static let target: [Double] = %s" % TARGET)
print("  static let scale: [Double] = %s" % SCALE)
print("  static let kept = %s\n" % KEPT)
print("  struct Case: Sendable {\n    let name: String\n    let rule: any Optimiser\n    let rate: Double")
print("    let rows: [[Double]]\n  }\n")
print("  static let cases: [Case] = [")
for name, rule, rate, make in CASES:
    print('    Case(\n      name: "%s", rule: %s, rate: %s,\n      rows: %s),' % (name, rule, rate, swift(steps(make))))
print("  ]\n")
sgd = lambda p: torch.optim.SGD(p, lr=0.1)
print("  static let clippedAtHalf: [[Double]] = %s" % swift(steps(sgd, clip=0.5)))
step = lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=7, gamma=0.6)
print("  static let stepwise: [[Double]] = %s" % swift(steps(sgd, schedule=step)))
cosine = lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=50, eta_min=0.01)
print("  static let cosine: [[Double]] = %s" % swift(steps(sgd, schedule=cosine)))
print("}")
