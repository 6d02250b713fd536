#!/usr/bin/env python3
"""The convolutional workload of `prunebounds bench` as a NumPy program, trials per second.

    numpy_convolution.py random|magnitude [--form windows|slices|scipy] [--processes N] [--seconds S]

A trial draws 3 -> 32 -> 32 -> 32 channels on 16 x 16, kernels of side 3 on a grid that
wraps around, and a layer of 10 outputs; prunes floor(D^0.7) weights of layers 2 and 3;
sends 16 points of the unit sphere through both ReLU networks in single precision, and
takes the largest distance of the outputs. The forms of the convolution: a tensordot with
sliding windows, a product with patches copied slice by slice, or SciPy's correlate.
Each process has one BLAS thread.
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
import argparse
import multiprocessing

import numpy as np

from numpy_network import pruned_copy, trials_per_second

CHANNELS, GRID, SIDE, INPUTS, OUTPUTS = [3, 32, 32, 32], 16, 3, 16, 10


def windows(weights, images):
    """images: inputs x channels x GRID x GRID."""
    half = SIDE // 2
    padded = np.pad(images, ((0, 0), (0, 0), (half, half), (half, half)), mode="wrap")
    view = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), axis=(2, 3))
    return np.tensordot(weights, view, axes=([1, 2, 3], [1, 4, 5])).transpose(1, 0, 2, 3)


def slices(weights, images):
    half = SIDE // 2
    count, channels = images.shape[:2]
    padded = np.pad(images, ((0, 0), (0, 0), (half, half), (half, half)), mode="wrap")
    patches = np.empty((channels, SIDE, SIDE, count, GRID, GRID), dtype=np.float32)
    for row in range(SIDE):
        for column in range(SIDE):
            part = padded[:, :, row:row + GRID, column:column + GRID]
            patches[:, row, column] = part.transpose(1, 0, 2, 3)
    product = weights.reshape(len(weights), -1) @ patches.reshape(channels * SIDE * SIDE, -1)
    return product.reshape(-1, count, GRID, GRID).transpose(1, 0, 2, 3)


def scipy(weights, images):
    from scipy import ndimage

    result = np.zeros((len(images), len(weights), GRID, GRID), dtype=np.float32)
    for image, out in zip(images, result):
        for kernel, channel in zip(weights, out):
            for plane, part in zip(image, kernel):
                channel += ndimage.correlate(plane, part, mode="wrap")
    return result


def max_error(rule, generator, convolve):
    full = generator.standard_normal((INPUTS, CHANNELS[0] * GRID * GRID), dtype=np.float32)
    full /= np.linalg.norm(full, axis=1, keepdims=True)
    pruned = full = full.reshape(INPUTS, CHANNELS[0], GRID, GRID)
    for layer, (into, out) in enumerate(zip(CHANNELS, CHANNELS[1:])):
        bound = np.float32((3 / (SIDE * SIDE * max(into, out))) ** 0.5)
        weights = generator.random((out, into, SIDE, SIDE), dtype=np.float32)
        weights *= 2 * bound
        weights -= bound
        if layer == 0:
            full = pruned = np.maximum(convolve(weights, full), 0)
            continue
        kept = pruned_copy(weights, rule, generator)
        full, pruned = convolve(weights, full), convolve(kept, pruned)
        np.maximum(full, 0, out=full)
        np.maximum(pruned, 0, out=pruned)
    width = CHANNELS[-1] * GRID * GRID
    weights = generator.random((OUTPUTS, width), dtype=np.float32)
    weights *= 2 * np.float32((3 / width) ** 0.5)
    weights -= np.float32((3 / width) ** 0.5)
    difference = full.reshape(INPUTS, -1) @ weights.T - pruned.reshape(INPUTS, -1) @ weights.T
    return np.linalg.norm(difference, axis=1).max()


def rate(job):
    seed, rule, form, seconds = job
    generator = np.random.Generator(np.random.SFC64(seed))
    convolve = {"windows": windows, "slices": slices, "scipy": scipy}[form]
    return trials_per_second(lambda: max_error(rule, generator, convolve), seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rule", choices=["random", "magnitude"])
    parser.add_argument("--form", choices=["windows", "slices", "scipy"], default="windows")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    jobs = [(n, options.rule, options.form, options.seconds) for n in range(options.processes)]
    with multiprocessing.Pool(options.processes) as pool:
        print(sum(pool.map(rate, jobs, chunksize=1)))
