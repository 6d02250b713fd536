#!/usr/bin/env python3
"""The standard workload of `prunebounds bench` as a NumPy program, trials per second.

    numpy_network.py WIDTH random|magnitude [--processes N] [--seconds S]

A trial draws four square layers of uniform weights of variance 1/WIDTH, prunes the
floor(D^0.7) weights that the rule names in layers 2 and 3, sends 64 points of the
unit sphere through both ReLU networks in single precision, and takes the largest
distance of the outputs. Each process has one BLAS thread and a generator of its own,
NumPy's fastest.
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
import argparse
import multiprocessing
import time

import numpy as np

LAYERS, INPUTS, ALPHA = 4, 64, 0.3


def pruned_copy(weights, rule, generator):
    size = weights.size
    count = int(size ** (1 - ALPHA) * (1 + 1e-9))
    if rule == "random":
        places = generator.choice(size, count, replace=False, shuffle=False)
    else:
        places = np.argpartition(np.abs(weights).reshape(-1), count - 1)[:count]
    kept = weights.copy()
    kept.reshape(-1)[places] = 0
    return kept


def max_error(width, rule, generator):
    full = generator.standard_normal((width, INPUTS), dtype=np.float32)
    full /= np.linalg.norm(full, axis=0)
    pruned = full
    bound = np.float32((3 / width) ** 0.5)
    for layer in range(LAYERS):
        weights = generator.random((width, width), dtype=np.float32)
        weights *= 2 * bound
        weights -= bound
        kept = pruned_copy(weights, rule, generator) if 0 < layer < LAYERS - 1 else weights
        full, pruned = weights @ full, kept @ pruned
        if layer < LAYERS - 1:
            np.maximum(full, 0, out=full)
            np.maximum(pruned, 0, out=pruned)
    return np.linalg.norm(full - pruned, axis=0).max()


def trials_per_second(trial, seconds):
    trial()
    trials, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        trial()
        trials += 1
    return trials / elapsed


def rate(job):
    seed, width, rule, seconds = job
    generator = np.random.Generator(np.random.SFC64(seed))
    return trials_per_second(lambda: max_error(width, rule, generator), seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("width", type=int)
    parser.add_argument("rule", choices=["random", "magnitude"])
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    jobs = [(n, options.width, options.rule, options.seconds) for n in range(options.processes)]
    with multiprocessing.Pool(options.processes) as pool:
        print(sum(pool.map(rate, jobs, chunksize=1)))
