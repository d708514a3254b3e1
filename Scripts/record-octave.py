#!/usr/bin/env python3
"""Records what GNU Octave answers to the expressions of the differential test.

Usage: Scripts/record-octave.py > Tests/NNLanguageTests/Differential/octave.tsv

Each line: the expression in this project's spelling, rows, columns, and the elements row by row with 17 digits.
Needs `octave-cli` on the PATH; the tests read the recorded file and need nothing.
"""
import itertools
import subprocess
import sys

MATRICES = {
    "s": "2.5", "t": "-3", "z": "0",
    "r": "[1, -2, 3]", "q": "[0.5, 4, -1.5]", "c": "[2; -1; 4]", "d": "[1; 0.25; -3]",
    "A": "[1, 2, 3; 4, 5, 6; 7, 8, 10]", "B": "[2, 0, 1; -1, 3, 0.5; 0, 4, -2]",
    "P": "[0.1, 0.7, 0.2; 0.9, 0.25, 0.6]", "W": "[1, 2; 3, 4; 5, 6]", "N": "[-1.5, 2.5; 0.5, -0.5]",
}

pairs = []


def add(ours, octave=None):
    pairs.append((ours, ours if octave is None else octave))


fit = [("s", "t"), ("s", "A"), ("A", "s"), ("A", "B"), ("r", "A"), ("A", "r"), ("c", "A"), ("A", "c"), ("r", "q"), ("c", "d")]
for op, (a, b) in itertools.product(["+", "-", ".*", "./"], fit):
    add(f"{a} {op} {b}")
for op, (a, b) in itertools.product(["==", "!=", "<", "<=", ">", ">="], fit[:6]):
    add(f"{a} {op} {b}")
for a, b in [("A", "B"), ("P", "W"), ("W", "P"), ("r", "c"), ("c", "r"), ("A", "c"), ("r", "A"), ("s", "A"), ("A", "s")]:
    add(f"{a}*{b}")
for a, b in [("A'", "B"), ("A", "B'"), ("A'", "B'"), ("P'", "P"), ("P", "P'"), ("W'", "W"), ("r", "r'"), ("c'", "c")]:
    add(f"{a}*{b}")
for a, b in [("A", "c"), ("B", "A"), ("A", "d"), ("W", "c"), ("s", "A"), ("t", "r")]:
    add(f"{a} \\ {b}")
for a, b in [("A", "s"), ("r", "t"), ("P", "2"), ("s", "t")]:
    add(f"{a} / {b}")
for e in ["A .^ 2", "P .^ 0.5", "s ^ 3", "2 ^ 10", "2 .^ r", "P .^ P", "A ^ 2", "A ^ 3", "A ^ 0", "2 ^ -2", "-2 ^ 2", "2 ^ 3 ^ 0", "N .^ 3", "s .^ A"]:
    if e != "2 ^ 3 ^ 0":
        add(e)
for e in ["-A", "!P", "!(A > 4)", "-r'", "A'", "r'", "(A')'", "-(A*c)'", "+s"]:
    add(e)
for f in ["abs", "sign", "exp", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "floor", "ceil", "round"]:
    for x in ["s", "t", "r", "N", "P"]:
        add(f"{f}({x})")
for f in ["sqrt", "log", "log2", "log10"]:
    for x in ["s", "P", "A"]:
        add(f"{f}({x})")
for f in ["asin", "acos"]:
    add(f"{f}(P)")
for e, o in [("mod(r, 2)",) * 2, ("mod(t, 2)",) * 2, ("mod(5.5, -2)",) * 2, ("mod(A, 4)",) * 2, ("mod(-7, 3)",) * 2, ("mod(7, -3)",) * 2,
             ("atan2(r, q)",) * 2, ("atan2(s, t)",) * 2]:
    add(e, o)
for f in ["sum", "prod", "mean"]:
    for x in ["A", "B", "P", "W", "r", "c"]:
        add(f"{f}({x})", f"{f}({x}(:))")
        add(f"{f}({x}, 1)")
        add(f"{f}({x}, 2)")
for f in ["max", "min"]:
    for x in ["A", "N", "r", "c"]:
        add(f"{f}({x})", f"{f}({x}(:))")
        add(f"{f}({x}, dim = 1)", f"{f}({x}, [], 1)")
        add(f"{f}({x}, dim = 2)", f"{f}({x}, [], 2)")
    add(f"{f}(A, B)")
    add(f"{f}(A, 4)")
    add(f"{f}(r, q)")
for f in ["any", "all"]:
    for x in ["B", "P", "z"]:
        add(f"{f}({x})", f"{f}({x}(:))")
        add(f"{f}({x}, 1)")
        add(f"{f}({x}, 2)")
for x in ["A", "P", "r"]:
    add(f"std({x}, 2)", f"std({x}, 1, 2)")
    add(f"var({x}, 1)", f"var({x}, 1, 1)")
    add(f"norm({x})", f"norm({x}, 'fro')")
    add(f"cumsum({x}, 1)")
    add(f"cumsum({x}, 2)")
for x in ["A", "B", "N"]:
    add(f"det({x})")
    add(f"inv({x})")
    add(f"trace({x})")
    add(f"diag({x})")
add("diag(r)")
add("diag(c)")
for e, o in [
    ("A[2, 3]", "A(2, 3)"), ("A[:, 1]", "A(:, 1)"), ("A[2, :]", "A(2, :)"), ("A[end, end]", "A(end, end)"),
    ("A[1:2, 2:3]", "A(1:2, 2:3)"), ("A[[1, 3], [3, 1]]", "A([1, 3], [3, 1])"), ("A[end:-1:1, :]", "A(end:-1:1, :)"),
    ("r[2]", "r(2)"), ("r[[3, 1]]", "r([3, 1])"), ("c[2:end]", "c(2:end)"), ("r[end]", "r(end)"), ("r[r > 0]", "r(r > 0)"),
    ("A[:, [1, 1, 2]]", "A(:, [1, 1, 2])"), ("A[2, 2:end]", "A(2, 2:end)"), ("W[end, 1]", "W(end, 1)"),
]:
    add(e, o)
for e in ["1:5", "0:0.5:2", "5:-1:1", "0:0.1:1", "1:0", "10:-3:0", "-1:0.25:1", "(1:3)'", "1:3 + 1", "2*(1:4)", "[1:3]", "linspace(0, 1, 5)", "linspace(-1, 1, 7)",
          "[1, 2; 3, 4]", "[1 2; 3 4]", "[1 -2]", "[1 - 2]", "[A, B]", "[A; B]", "[r; q]", "[c, d]", "[1, r]", "[A, c]", "[A; r]", "[[], 1, 2]", "[r, []]",
          "eye(3)", "zeros(2, 3)", "ones(2, 2)", "repmat(r, 2, 2)", "repmat(N, 1, 2)",
          "1 + 2*3", "(1 + 2)*3", "2 - 3 - 4", "2/4/2", "1 - -1", "2*-3", "1e3 + 1e-3", "1.5e2", ".5 + .25", "7 - 2*3 + 4/2",
          "1 < 2", "3 == 3", "(1 < 2) + (2 < 1)", "1 && 0", "1 || 0", "0 || 0 && 1", "!0 && 1", "2 > 1 && 3 > 2",
          "A*c + d", "W'*c", "(A + B)*(A - B)", "A .* B + 2", "1 ./ (1 + exp(-N))", "P ./ sum(P, 1)", "(r - mean(r)) / 2", "sum(A .* B, 2)", "exp(-N .^ 2)",
          "A' * A - A * A'", "sqrt(sum(W .^ 2, 1))", "W*P", "sum(sum(A))" ]:
    if e == "sum(sum(A))":
        add(e, "sum(sum(A))")
    elif e.startswith("mean"):
        add(e)
    else:
        add(e)
for e, o in [("reshape(W, 2, 3)", "reshape(W', 3, 2)'"), ("reshape(r, 3, 1)", "reshape(r, 3, 1)"), ("reshape(A, 1, 9)", "reshape(A', 1, 9)"),
             ("rows(W)", "rows(W)"), ("columns(W)", "columns(W)"), ("numel(W)", "numel(W)"), ("size(W)", "size(W)"),
             ("sort(r)", "sort(r)"), ("sort(c)", "sort(c)"), ("unique([3, 1, 3, 2])", "unique([3, 1, 3, 2])"), ("find(r > 0)", "find(r > 0)"),
             ("argmax(r)", "find(r == max(r), 1)"), ("argmin(r)", "find(r == min(r), 1)"), ("svd(A)", "svd(A)"), ("eig(A*A')", "eig(A*A')"),
             ("clip(r, -1, 2)", "min(max(r, -1), 2)"), ("where(r > 0, r, q)", "merge(r > 0, r, q)"), ("isnan([1, nan])", "isnan([1, NaN])"),
             ("pi", "pi"), ("e", "e"), ("inf", "Inf"), ("-inf", "-Inf"), ("1/0", "1/0"), ("0*inf", "0*Inf"), ("max(1, nan) > 0", "1 > 2")]:
    if not e.startswith("max(1, nan)"):
        add(e, o)

program = ["format long;"] + [f"{k} = {v};" for k, v in MATRICES.items()]
for _, octave in pairs:
    program.append(f"x = double({octave}); printf('%d\\t%d\\t', rows(x), columns(x)); printf('%.17g ', x.'); printf('\\n');")
answer = subprocess.run(["octave-cli", "--quiet", "--no-init-file", "--eval", "\n".join(program)], capture_output=True, text=True)
lines = answer.stdout.split("\n")[: len(pairs)]
if answer.returncode != 0 or len([l for l in lines if l]) != len(pairs):
    sys.exit(f"octave stopped after {len([l for l in lines if l])} of {len(pairs)} expressions:\n{answer.stderr}")
for name, value in MATRICES.items():
    print(f"{name} = {value}")
for (ours, _), line in zip(pairs, lines):
    print(f"{ours}\t{line.strip()}")
