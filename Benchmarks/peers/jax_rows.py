"""JAX's side of the small network: a compiled step, and the whole loop compiled."""
import time

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
X = jnp.array([[0, 0, 1, 1], [0, 1, 0, 1.0]])
Y = jnp.array([[0, 1, 1, 0.0]])
key1, key2 = jax.random.split(jax.random.PRNGKey(1))
start_values = (
    jax.random.normal(key1, (4, 2)),
    jnp.zeros((4, 1)),
    jax.random.normal(key2, (1, 4)),
    jnp.zeros((1, 1)),
)


def cost(p):
    W1, b1, W2, b2 = p
    A2 = jax.nn.sigmoid(W2 @ jax.nn.sigmoid(W1 @ X + b1) + b2)
    return -jnp.mean(Y * jnp.log(A2) + (1 - Y) * jnp.log(1 - A2))


def update(p):
    return tuple(a - 0.5 * b for a, b in zip(p, jax.grad(cost)(p)))


step = jax.jit(update)
p = step(start_values)
rounds = 10000
start = time.perf_counter()
for _ in range(rounds):
    p = step(p)
jax.block_until_ready(p)
print(f"xor-gradients {(time.perf_counter() - start) / rounds:.6e}")

rounds = 100000
loop = jax.jit(lambda p: jax.lax.fori_loop(0, rounds, lambda i, p: update(p), p))
jax.block_until_ready(loop(start_values))
start = time.perf_counter()
jax.block_until_ready(loop(start_values))
print(f"xor-train {(time.perf_counter() - start) / rounds:.6e}")
