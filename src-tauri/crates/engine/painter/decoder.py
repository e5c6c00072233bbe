"""`python decoder.py`: trains the decoder on, alone, on the latents that are kept; begins where it was stopped.

The encoder stays as it is, so that the painter's latents keep their meaning.
"""

import argparse
import math
import time

import numpy as np
import torch
from torch import nn

from model import LATENTS
from sources import PLACE
from train import Eyes, Log, Stopping, as_signal, descend, device, dice, half, save, unlike

SEED = 23
BATCH = 24
RATE = 1e-3
# A painted latent is never quite a drawn one.
NOISE = 0.4
SAVE_MINUTES = 5


def rate_at(step: int, last: int) -> float:
    return RATE * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / last))


@torch.inference_mode()
def decibels(decoder: nn.Module, latents: np.ndarray, pixels: np.ndarray) -> float:
    """The peak signal-to-noise ratio of 64 pictures drawn again from their latents."""
    every = np.arange(0, len(pixels), max(len(pixels) // 64, 1))[:64]
    drawn = decoder(torch.from_numpy(latents[every].astype(np.float32)).to(device())).clamp(-1, 1)
    return 10 * math.log10(4 / float(nn.functional.mse_loss(drawn, as_signal(pixels[every], device()))))


def learn(eyes: Eyes, last: int, stopping: Stopping) -> bool:
    """Gives whether it came to its end."""
    path = PLACE / "decoder.pt"
    pixels, latents = np.load(PLACE / "pixels.npy", mmap_mode="r"), np.load(PLACE / "latents.npy", mmap_mode="r")
    decoder = eyes.decoder.to(device(), memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(decoder.parameters(), RATE, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
    step, mean = 0, 0.0
    if path.exists():
        state = torch.load(path, map_location=device(), weights_only=True)
        decoder.load_state_dict(state["decoder"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    quick, log, saved = torch.compile(decoder), Log(PLACE / "decoder.csv", ["loss", "psnr"]), time.monotonic()
    while step < last and not stopping.asked:
        throw = dice(SEED, step)
        chosen = np.sort(torch.randint(len(pixels), (BATCH,), generator=throw).numpy())
        pictures = as_signal(pixels[chosen], device()).contiguous(memory_format=torch.channels_last)
        seen = torch.from_numpy(latents[chosen].astype(np.float32)).to(device())
        amount = NOISE * torch.rand(BATCH, 1, 1, 1, generator=throw)
        noise = amount * torch.randn(BATCH, LATENTS, 8, 8, generator=throw)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, last)
        with half(device()):
            made = quick((seen + noise.to(device())).contiguous(memory_format=torch.channels_last))
        loss = unlike(made.float(), pictures)
        descend(loss, decoder, optimiser)
        step += 1
        mean += (loss.item() - mean) * max(0.01, 1 / step)
        if step % 200 == 0:
            log.add(step, [mean, decibels(decoder, latents, pixels)])
        if step == last or stopping.asked or time.monotonic() - saved > 60 * SAVE_MINUTES:
            save(path, {"decoder": decoder.state_dict(), "optimiser": optimiser.state_dict(), "step": step})
            saved = time.monotonic()
    return step >= last


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=5000)
    words = asked.parse_args()
    torch.set_num_threads(1)
    state = torch.load(PLACE / "eyes.pt", map_location=device(), weights_only=True)
    eyes = Eyes()
    eyes.load_state_dict(state["eyes"])
    if learn(eyes, words.steps, Stopping()):
        save(PLACE / "eyes.pt", {**state, "eyes": eyes.state_dict()})


if __name__ == "__main__":
    main()
