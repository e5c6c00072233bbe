"""Paints: walks from noise to a latent with guidance, then decodes; the Rust engine follows the same lines."""

import numpy as np
import torch
from torch import Tensor, nn

from model import LATENTS


def uniforms(seed: int, count: int) -> np.ndarray:
    """SplitMix64: `count` numbers inside 0..1, the same on every machine and in every language."""
    z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def noise(seed: int, height: int = 8, width: int = 8) -> Tensor:
    """[LATENTS, height, width] of normal noise by Box and Muller in double precision, cosine and sine in turn."""
    one, two = uniforms(seed, LATENTS * height * width).reshape(-1, 2).T
    far, turn = np.sqrt(-2 * np.log(one)), 2 * np.pi * two
    pairs = np.stack([far * np.cos(turn), far * np.sin(turn)], 1)
    return torch.from_numpy(pairs.reshape(LATENTS, height, width).astype(np.float32))


def times(steps: int, shift: float = 1.0) -> list[float]:
    """From 1 to 0; a shift above 1 spends more of the steps near the noise."""
    line = [1 - i / steps for i in range(steps + 1)]
    return [shift * t / (1 + (shift - 1) * t) for t in line]


@torch.inference_mode()
def latents(painter: nn.Module, start: Tensor, words: tuple[Tensor, Tensor], against: tuple[Tensor, Tensor], steps: int, guidance: float) -> Tensor:
    """start [n, LATENTS, h, w]; words and against are states and masks of n rows alike long; Euler steps."""
    text, mask = (torch.cat(pair) for pair in zip(words, against))
    x, line = start, times(steps)
    for now, then in zip(line, line[1:]):
        time = torch.full((2 * len(x),), now, device=x.device)
        to, away = painter(torch.cat([x, x]), time, text, mask).float().chunk(2)
        x = x + (away + guidance * (to - away)) * (then - now)
    return x


@torch.inference_mode()
def pictures(decoder: nn.Module, found: Tensor) -> Tensor:
    """Latents to RGB in 0..1, [n, 3, 8h, 8w]."""
    return (decoder(found).float() / 2 + 0.5).clamp(0, 1)
