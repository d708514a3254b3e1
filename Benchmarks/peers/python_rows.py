"""Plain Python's side of the scalar rows."""
import sys
import time


def loop(n):
    s = 0.0
    for i in range(1, n + 1):
        s = s + (i % 7) * 0.5 - s * 1e-3
    return s


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


start = time.perf_counter()
if sys.argv[1] == "loop":
    s = loop(10000000)
    print(f"loop {time.perf_counter() - start:.6e} {s:.6f}")
else:
    n = fib(30)
    print(f"fib {time.perf_counter() - start:.6e} {n}")
