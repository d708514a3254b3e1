#!/usr/bin/env python3
"""Runs what explain(J, as = ...) prints in NumPy, PyTorch and Octave, and records the gradients that come out.

Usage: Scripts/record-explained.py [nnrepl] > Tests/NNLanguageTests/Explain/explained.tsv

For every program in Tests/NNLanguageTests/Explain/Programs the text is written in each notation, run by the real
program, and its gradients are compared with those of backward(J); a difference is an error. Each line: the program, the
notation, a hash of the text that was run, the gradient, rows, columns, and the elements row by row.
Needs numpy, torch and `octave-cli`; the tests read the recorded file and need none of them.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "Tests/NNLanguageTests/Explain/Programs"
NNREPL = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/command/release/nnrepl")


mistakes = []


def complain(text):
    mistakes.append(text)
    print(text, file=sys.stderr)


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        complain(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def ours(program, folder):
    """The text in each notation, and the gradients of backward."""
    script = program.read_text() + "".join(
        f'explain(J, "{folder}/{n}.txt", as = "{n}")\n' for n in ["numpy", "pytorch", "octave"])
    script += f'explain(J, "{folder}/lines.nn")\n'
    (folder / "program.nn").write_text(script)
    run([NNREPL, str(folder / "program.nn")])
    names = []
    for line in (folder / "lines.nn").read_text().splitlines():
        name = line.split(" = ")[0]
        if line.startswith("#") or name in names:
            continue
        variable = name.replace("net.d", "net.", 1) if name.startswith("net.") else name[1:]
        # Lines for parts have names that the program does not know.
        is_known = name.startswith("net.d") or re.search(rf"(?<![\w.]){variable}(?!\w)", program.read_text())
        if name[0] == "d" and is_known or name.startswith("net.d"):
            names.append(name)
    show = "".join(f'print("{n}\\t{{rows({n})}}\\t{{columns({n})}}\\t{{reshape({n}, 1, numel({n})):.17g}}")\n' for n in names)
    (folder / "numbers.nn").write_text(program.read_text() + "backward(J)\n" + show)
    gradients = {}
    for line in run([NNREPL, str(folder / "numbers.nn")]).splitlines():
        name, m, n, numbers = line.split("\t")
        gradients[name] = (int(m), int(n), [float(x) for x in numbers.strip("[]").split(",")])
    texts = {n: (folder / f"{n}.txt").read_text() for n in ["numpy", "pytorch", "octave"]}
    return texts, gradients


def plain(name, notation):
    """A name as the notation has it."""
    text = name.replace(".", "_").replace("₁", "_1")
    return text.replace("ŷ", "y_hat") if notation == "octave" else text


def python(text, names, notation, folder):
    path = folder / f"explained_{notation}.py"
    rows = []
    for name in names:
        value = f"np_.atleast_2d(np_.asarray({plain(name, notation)}, dtype=float))"
        rows.append(f"print({name!r}, *{value}.shape, *[repr(float(x)) for x in {value}.reshape(-1)], sep='\\t')")
    path.write_text(text + "\nimport numpy as np_\n" + "\n".join(rows) + "\n")
    return run([sys.executable, str(path)])


def octave(text, names, folder):
    path = folder / "explained.m"
    show = "".join(
        f"printf('{n}\\t%d\\t%d', size({plain(n, 'octave')})); printf('\\t%.17g', ({plain(n, 'octave')}).'); printf('\\n');\n"
        for n in names)
    path.write_text("1;\n" + text + show)
    return run(["octave-cli", "--no-init-file", str(path)])


def record(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        texts, gradients = ours(program, folder)
        for notation, text in texts.items():
            names = list(gradients)
            output = octave(text, names, folder) if notation == "octave" else python(text, names, notation, folder)
            for line in output.splitlines():
                name, m, n, *numbers = line.split("\t")
                numbers = [float(x) for x in numbers]
                rows, columns, expected = gradients[name]
                far = max((abs(a - b) / max(1, abs(b)) for a, b in zip(numbers, expected)), default=0)
                if (int(m), int(n)) != (rows, columns) or not far < 1e-9:
                    complain(f"{program.stem} {notation} {name}: {m}x{n} {numbers}, and backward gives {rows}x{columns} {expected}")
                print(program.stem, notation, fnv(text), name, m, n, *[f"{x:.12g}" for x in numbers], sep="\t")


for program in sorted(PROGRAMS.glob("*.nn")):
    record(program)
sys.exit(1 if mistakes else 0)
