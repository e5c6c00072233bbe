"""`python train.py`: trains the eyes (pictures to latents and back), then the painter; begins where it was stopped."""

import argparse
import copy
import csv
import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

# Threads that wait must not spin: on a busy machine that is most of the time they get. Read when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from configs import CONFIGS, KINDS, Config
from model import LATENTS, Decoder, Encoder, Painter
from sheet import PROMPTS, draw_sheet, prompt_states
from sources import PLACE
from text import padded

TOKENS = 16
DROPPED = 0.1


class Stopping:
    """True once a person or the system asks the program to end."""

    def __init__(self) -> None:
        self.asked = False
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, self.note)

    def note(self, *_: object) -> None:
        self.asked = True


def spread() -> None:
    """One thread while others are at work, since two would wait for each other; all cores when the machine is idle."""
    own = torch.get_num_threads()
    idle = os.getloadavg()[0] - own < 0.6
    torch.set_num_threads((os.cpu_count() or 1) if idle else 1)


def dice(seed: int, step: int) -> torch.Generator:
    """Each step has its own dice, so a resumed training throws the same numbers."""
    return torch.Generator().manual_seed(seed * 10_000_019 + step)


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half(where: torch.device) -> torch.autocast:
    return torch.autocast(where.type, dtype=torch.bfloat16)


def save(path: Path, state: dict) -> None:
    """Whole or not at all: a checkpoint is written beside the old one and takes its name."""
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.replace(path)


class Log:
    """Appends step, minutes of this run and losses to a CSV."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path, self.names, self.began = path, names, time.monotonic()
        if not path.exists():
            self.write(["step", "minutes", *names])

    def write(self, row: list) -> None:
        with self.path.open("a", newline="") as file:
            csv.writer(file).writerow(row)

    def add(self, step: int, values: list[float]) -> None:
        minutes = (time.monotonic() - self.began) / 60
        self.write([step, f"{minutes:.2f}", *(f"{value:.5f}" for value in values)])
        print(step, f"{minutes:.1f} min", *(f"{n} {v:.4f}" for n, v in zip(self.names, values)), flush=True)


class Eyes(nn.Module):
    """The encoder and decoder with latents normalised to unit variance; noise makes the decoder forgiving."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.level = nn.BatchNorm2d(LATENTS, affine=False, momentum=0.02)
        self.decoder = Decoder()

    def forward(self, pictures: Tensor, noise: Tensor, amount: Tensor) -> Tensor:
        return self.decoder(self.level(self.encoder(pictures)) + noise * amount)


def edges(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]


def unlike(made: Tensor, real: Tensor) -> Tensor:
    """How unlike two pictures are: by colour, and by where colours change."""
    lines = sum(F.l1_loss(a, b) for a, b in zip(edges(made), edges(real)))
    return F.l1_loss(made, real) + 0.5 * lines + F.mse_loss(made, real)


def as_signal(pixels: np.ndarray, where: torch.device) -> Tensor:
    """Bytes [n, h, w, 3] to floats [n, 3, h, w] in -1..1."""
    return torch.from_numpy(np.array(pixels)).to(where).permute(0, 3, 1, 2).float() / 127.5 - 1


def descend(loss: Tensor, net: nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """One step down the loss, never a wild one."""
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimiser.step()


def decibels(eyes: Eyes, pictures: Tensor, amount: float) -> float:
    """The peak signal-to-noise ratio of pictures seen and drawn again with some noise between."""
    eyes.eval()
    noise = torch.randn(len(pictures), LATENTS, 8, 8, generator=dice(0, 0)).to(pictures.device)
    with torch.inference_mode(), half(pictures.device):
        made = eyes(pictures, noise, torch.tensor(amount)).float().clamp(-1, 1)
    eyes.train()
    return 10 * float(torch.log10(4 / F.mse_loss(made, pictures)))


def train_eyes(config: Config, pixels: np.ndarray, stopping: Stopping) -> Eyes | None:
    """Gives the trained eyes, or None when stopped before."""
    where, path = device(), PLACE / "eyes.pt"
    torch.manual_seed(config.seed)
    eyes = Eyes().to(where, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(eyes.parameters(), config.eyes_rate, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
    step = 0
    if path.exists():
        state = torch.load(path, map_location=where, weights_only=True)
        eyes.load_state_dict(state["eyes"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    shown = as_signal(pixels[:: max(len(pixels) // 64, 1)][:64], where)
    log, saved, mean = Log(PLACE / "eyes.csv", ["loss", "psnr", "psnr_noisy"]), time.monotonic(), 0.0
    while step < config.eyes_steps and not stopping.asked:
        throw = dice(config.seed, step)
        chosen = torch.randint(len(pixels), (config.eyes_batch,), generator=throw).numpy()
        pictures = as_signal(pixels[np.sort(chosen)], where).contiguous(memory_format=torch.channels_last)
        noise = torch.randn(len(chosen), LATENTS, 8, 8, generator=throw).to(where)
        amount = 0.5 * torch.rand(len(chosen), 1, 1, 1, generator=throw).to(where)
        for group in optimiser.param_groups:
            group["lr"] = config.eyes_rate * min(1, (step + 1) / 200) * min(1, 5 * (1 - step / config.eyes_steps) + 0.01)
        with half(where):
            loss = unlike(eyes(pictures, noise, amount).float(), pictures)
        descend(loss, eyes, optimiser)
        step += 1
        mean += (loss.item() - mean) * max(0.01, 1 / step)
        if step % 50 == 0:
            spread()
        if step % 200 == 0:
            log.add(step, [mean, decibels(eyes, shown, 0.0), decibels(eyes, shown, 0.25)])
        if step == config.eyes_steps or stopping.asked or time.monotonic() - saved > 60 * config.save_minutes:
            save(path, {"eyes": eyes.state_dict(), "optimiser": optimiser.state_dict(), "step": step})
            saved = time.monotonic()
    return eyes.eval() if step >= config.eyes_steps else None


def all_latents(eyes: Eyes, pixels: np.ndarray) -> np.ndarray:
    """Every picture's latent as half floats, made once after the eyes are trained."""
    path = PLACE / "latents.npy"
    if not path.exists():
        found = []
        for at in range(0, len(pixels), 256):
            with torch.inference_mode(), half(device()):
                seen = eyes.encoder(as_signal(pixels[at : at + 256], device()).contiguous(memory_format=torch.channels_last))
            found.append(eyes.level(seen.float()).half().cpu().numpy())
        unfinished = PLACE / "latents.part.npy"
        np.save(unfinished, np.concatenate(found))
        unfinished.replace(path)
    return np.load(path, mmap_mode="r")


class Lessons:
    """Draws batches: latents, words and their mask; a tenth have no words, which guidance needs."""

    def __init__(self, latents: np.ndarray, where: torch.device) -> None:
        found = json.loads((PLACE / "rows.json").read_text())
        self.latents, self.where = latents, where
        self.said = [row["said"] for row in found["rows"]]
        self.states, self.starts = np.load(PLACE / "states.npy", mmap_mode="r"), np.load(PLACE / "starts.npy")
        self.nothing = found["captions"].index("")
        drawn = Counter((row["kind"], row["concept"]) for row in found["rows"])
        concepts = Counter(kind for kind, _ in drawn)
        odds = [KINDS.get(row["kind"], 0) / concepts[row["kind"]] / drawn[row["kind"], row["concept"]] for row in found["rows"]]
        self.summed = np.cumsum(odds)

    def batch(self, size: int, throw: torch.Generator, dropped: float = DROPPED) -> tuple[Tensor, Tensor, Tensor]:
        luck = torch.rand(3, size, generator=throw, dtype=torch.float64).numpy()
        chosen = np.searchsorted(self.summed, luck[0] * self.summed[-1])
        words = [self.said[row][int(u * len(self.said[row]))] for row, u in zip(chosen, luck[1])]
        said = [self.nothing if u < dropped else one for one, u in zip(words, luck[2])]
        text, mask = padded(self.states, self.starts, np.array(said))
        latents = torch.from_numpy(self.latents[chosen].astype(np.float32))
        return tuple(part.to(self.where) for part in (latents, text[:, :TOKENS], mask[:, :TOKENS]))


def velocity_loss(painter: nn.Module, lesson: tuple[Tensor, Tensor, Tensor], throw: torch.Generator) -> Tensor:
    """Rectified flow: the straight way from picture to noise, its middle asked most."""
    latents, text, mask = lesson
    noise = torch.randn(latents.shape, generator=throw).to(latents.device)
    time = torch.sigmoid(torch.randn(len(latents), generator=throw)).to(latents.device)
    there = time[:, None, None, None]
    with half(latents.device):
        guess = painter(latents * (1 - there) + noise * there, time, text, mask)
    return F.mse_loss(guess.float(), noise - latents)


class Pair:
    """Muon turns the blocks' matrices, AdamW everything else; one object to step and to save."""

    def __init__(self, painter: Painter, rate: float) -> None:
        inner = [p for name, p in painter.named_parameters() if name.startswith("blocks") and p.ndim == 2 and "table" not in name]
        chosen = {id(p) for p in inner}
        outer = [p for p in painter.parameters() if id(p) not in chosen]
        self.parts = [
            torch.optim.Muon(inner, lr=rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(outer, lr=rate, betas=(0.9, 0.98), weight_decay=0.0),
        ]
        self.rate = rate

    def step(self, share: float) -> None:
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = self.rate * share
            part.step()
            part.zero_grad()

    def state(self) -> list[dict]:
        return [part.state_dict() for part in self.parts]

    def load(self, states: list[dict]) -> None:
        for part, state in zip(self.parts, states):
            part.load_state_dict(state)


@torch.no_grad()
def follow(ema: nn.Module, painter: nn.Module, step: int) -> None:
    """The slow mean of the weights is what is shipped."""
    share = max(0.001, 9 / (step + 10))
    for slow, quick in zip(ema.parameters(), painter.parameters()):
        slow.lerp_(quick, share)


@torch.inference_mode()
def checked(painter: nn.Module, lessons: Lessons) -> float:
    """The loss on the same 512 lessons each time."""
    losses = [velocity_loss(painter, lessons.batch(128, dice(1, i), 0.0), dice(2, i)).item() for i in range(4)]
    return sum(losses) / len(losses)


def train_painter(config: Config, eyes: Eyes, latents: np.ndarray, stopping: Stopping, cool: int, name: str, minutes: float) -> None:
    where, path = device(), PLACE / f"{name}.pt"
    torch.manual_seed(config.seed)
    painter = Painter(*config.shape).to(where, memory_format=torch.channels_last)
    ema = copy.deepcopy(painter).requires_grad_(False)
    pair, step, last = Pair(painter, config.rate), 0, config.steps
    if path.exists():
        state = torch.load(path, map_location=where, weights_only=True)
        painter.load_state_dict(state["painter"])
        ema.load_state_dict(state["ema"])
        pair.load(state["optimisers"])
        step = state["step"]
    if cool:
        last = step + cool
    quick = torch.compile(painter) if config.compiled else painter
    lessons = Lessons(latents, where)
    words = prompt_states()
    log, began, saved, mean, counted = Log(PLACE / f"{name}.csv", ["loss", "check", "check_ema"]), time.monotonic(), time.monotonic(), 0.0, 0
    while step < last and not stopping.asked:
        loss = velocity_loss(quick, lessons.batch(config.batch, dice(config.seed, step)), dice(config.seed + 1, step))
        loss.backward()
        nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
        pair.step(min(1, (step + 1) / 300) * ((last - step) / cool if cool else 1))
        step, counted = step + 1, counted + 1
        follow(ema, painter, step)
        mean += (loss.item() - mean) * max(0.005, 1 / counted)
        over = bool(minutes) and time.monotonic() - began > 60 * minutes
        stopping.asked = stopping.asked or over
        if step % 50 == 0:
            spread()
        if step % 250 == 0 or over:
            log.add(step, [mean, checked(painter, lessons), checked(ema, lessons)])
        if step % config.sheet_steps == 0:
            draw_sheet(ema, eyes.decoder, words, PLACE / "sheets" / f"{name}-{step:06}.png", PROMPTS[:16])
        # A slow mean lags behind weights that have just cooled down.
        if step == last and checked(painter, lessons) < checked(ema, lessons):
            ema.load_state_dict(painter.state_dict())
        if step == last or stopping.asked or time.monotonic() - saved > 60 * config.save_minutes:
            save(path, {"painter": painter.state_dict(), "ema": ema.state_dict(), "optimisers": pair.state(), "step": step, "shape": list(config.shape)})
            saved = time.monotonic()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--config", choices=CONFIGS, default="gpu" if torch.cuda.is_available() else "cpu")
    asked.add_argument("--cool", type=int, default=0, help="train this many steps more while the rate falls to nothing")
    asked.add_argument("--name", default="painter", help="the checkpoint's and the log's name")
    asked.add_argument("--minutes", type=float, default=0, help="stop after this long; 0 goes on")
    words = asked.parse_args()
    torch.set_num_threads(1)
    config, stopping = CONFIGS[words.config], Stopping()
    pixels = np.load(PLACE / "pixels.npy", mmap_mode="r")
    if (eyes := train_eyes(config, pixels, stopping)) is None:
        return
    train_painter(config, eyes, all_latents(eyes, pixels), stopping, words.cool, words.name, words.minutes)


if __name__ == "__main__":
    main()
