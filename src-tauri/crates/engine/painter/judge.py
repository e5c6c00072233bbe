"""`python judge.py`: measures what the painter paints: concept, colour, number and nearness to what it learnt from."""

import argparse
import json
import random
from collections import defaultdict

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import captions
import colours
from model import Residual
from sheet import painted, prompt_states, trained
from sources import PLACE
from train import as_signal, device, half

SEED = 11
# The judge's own accuracy is measured on a set that it has not seen while it was tried out.
UNSEEN_STYLE = "simple"


class Namer(nn.Module):
    """Names the concept of a 64-pixel picture; trained on the same sets as the painter, held-out concepts too."""

    def __init__(self, concepts: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, 96, 3, padding=1),
            Residual(96),
            nn.Conv2d(96, 192, 2, stride=2),
            nn.BatchNorm2d(192),
            Residual(192),
            nn.Conv2d(192, 320, 2, stride=2),
            nn.BatchNorm2d(320),
            Residual(320),
            nn.BatchNorm2d(320),
            nn.ReLU(),
            nn.Conv2d(320, 384, 4),
            nn.Flatten(),
            nn.BatchNorm1d(384),
            nn.Dropout(0.2),
            nn.Linear(384, concepts),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def jittered(pictures: Tensor, throw: torch.Generator) -> Tensor:
    """Moved, scaled, softened and tinted a little, so that the judge names shapes and forgives a painter's hand."""
    n = len(pictures)
    scale = 1 + 0.3 * (torch.rand(n, generator=throw) - 0.35)
    move = 0.2 * (torch.rand(n, 2, generator=throw) - 0.5)
    zero = torch.zeros(n)
    turn = 0.15 * (torch.rand(n, generator=throw) - 0.5)
    place = torch.stack([torch.stack([scale, turn, move[:, 0]], 1), torch.stack([zero - turn, scale, move[:, 1]], 1)], 1)
    where = F.affine_grid(place.to(pictures.device), list(pictures.shape), align_corners=False)
    moved = 1 - F.grid_sample(1 - pictures, where, align_corners=False)
    soft = F.interpolate(F.avg_pool2d(moved, 2), scale_factor=2, mode="bilinear")
    share = torch.rand(n, 1, 1, 1, generator=throw).to(pictures.device)
    tint = 0.1 * torch.randn(n, 3, 1, 1, generator=throw).to(pictures.device)
    return (moved + (soft - moved) * share) * (1 + tint) + 0.04 * torch.randn(pictures.shape, generator=throw).to(pictures.device)


def train_namer(pixels: np.ndarray, rows: list[dict], concepts: list[str], but: str, steps: int, batch: int = 128) -> Namer:
    """Learns from all sets except `but`."""
    torch.manual_seed(SEED)
    chosen = np.array([i for i, r in enumerate(rows) if r["kind"] in ("plain", "moved", "painted", "held") and r["style"] != but])
    # The repainted are many: half of each batch is as the sets have it.
    plain = np.array([i for i in chosen if rows[i]["kind"] in ("plain", "held")])
    place = {concept: i for i, concept in enumerate(concepts)}
    namer = Namer(len(concepts)).to(device(), memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(namer.parameters(), 2e-3, weight_decay=0.05)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    throw = torch.Generator().manual_seed(SEED)
    for step in range(steps):
        luck = torch.rand(batch, generator=throw).numpy()
        which = [int((plain if i % 2 else chosen)[int(u * len(plain if i % 2 else chosen))]) for i, u in enumerate(luck)]
        target = torch.tensor([place[rows[i]["concept"]] for i in which]).to(device())
        with half(device()):
            guess = namer(jittered(as_signal(pixels[which], device()), throw).contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(guess.float(), target, label_smoothing=0.1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rate.step()
        if step % 200 == 199:
            print("namer", step + 1, round(loss.item(), 3), flush=True)
    return namer.eval()


@torch.inference_mode()
def best_five(namer: Namer, pictures: np.ndarray) -> np.ndarray:
    """The five likeliest concepts of RGB pictures in 0..1, best first."""
    signal = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() * 2 - 1
    return namer(signal.to(device())).topk(5).indices.cpu().numpy()


def hits(namer: Namer, concepts: list[str], pictures: np.ndarray, wanted: list[str]) -> tuple[float, float]:
    """The shares named rightly first, and among five."""
    five = best_five(namer, pictures)
    right = np.array([[concepts[i] == want for i in row] for row, want in zip(five, wanted)])
    return float(right[:, 0].mean()), float(right.any(1).mean())


def own_accuracy(pixels: np.ndarray, rows: list[dict], concepts: list[str], steps: int) -> dict:
    """How well such a judge names real pictures of a set that it has not seen."""
    namer = train_namer(pixels, rows, concepts, UNSEEN_STYLE, steps)
    known = {row["concept"] for row in rows if row["style"] != UNSEEN_STYLE}
    chosen = [i for i, r in enumerate(rows) if r["style"] == UNSEEN_STYLE and r["kind"] in ("plain", "held") and r["concept"] in known]
    first, five = hits(namer, concepts, pixels[chosen].astype(np.float32) / 255, [rows[i]["concept"] for i in chosen])
    return {"pictures": len(chosen), "top1": first, "top5": five}


def the_judge(pixels: np.ndarray, rows: list[dict], steps: int) -> tuple[Namer, list[str], dict]:
    """The namer, made once and kept, with its concepts and its own accuracy."""
    path = PLACE / "namer.pt"
    if not path.exists():
        concepts = sorted({row["concept"] for row in rows})
        own = own_accuracy(pixels, rows, concepts, steps)
        namer = train_namer(pixels, rows, concepts, "", steps)
        torch.save({"namer": namer.state_dict(), "concepts": concepts, "own": own}, path)
    state = torch.load(path, map_location=device(), weights_only=True)
    namer = Namer(len(state["concepts"])).to(device(), memory_format=torch.channels_last)
    namer.load_state_dict(state["namer"])
    return namer.eval(), state["concepts"], state["own"]


def pieces(picture: np.ndarray) -> int:
    """How many things lie on the white: connected parts of at least a fiftieth of the picture."""
    solid = (picture.min(-1) < 0.85).reshape(32, 2, 32, 2).mean((1, 3)) > 0.5
    left, count = {(int(y), int(x)) for y, x in zip(*solid.nonzero())}, 0
    while left:
        edge, size = [left.pop()], 1
        while edge:
            y, x = edge.pop()
            near = {(y + b, x + a) for b in (-1, 0, 1) for a in (-1, 0, 1)} & left
            left -= near
            edge += near
            size += len(near)
        count += size >= 32 * 32 / 50
    return count


def nearest(pictures: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Each picture's distance (root mean square of RGB in 0..1, at 16 pixels) to the nearest one in `known`."""
    small = [torch.from_numpy(p).float().reshape(len(p), 16, 4, 16, 4, 3).mean((2, 4)).flatten(1) for p in (pictures, known)]
    return (torch.cdist(*small).min(1).values / small[0].shape[1] ** 0.5).numpy()


class Questions:
    """The prompts of the judgement, the same each time: what is asked, of which concept, with which word."""

    def __init__(self, rows: list[dict], groups: list[str]) -> None:
        dice = random.Random(SEED)
        seen, held, pairs = {}, {}, {}
        for row in rows:
            kind, name = row["kind"], row["name"]
            if row["group"] not in groups:
                continue
            if kind in ("plain", "held"):
                (seen if kind == "plain" else held)[row["concept"]] = name
            if kind == "painted":
                pairs[row["concept"]] = captions.noun(name)
        self.asked: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for kind, found, count in (("seen", seen, 240), ("held out", held, 60)):
            for concept in dice.sample(sorted(found), min(count, len(found))):
                self.asked[kind].append((captions.a(found[concept]), concept, ""))
        every = [(c, noun, paint) for c, noun in sorted(pairs.items()) for paint in colours.PAINTS]
        dice.shuffle(every)
        for concept, noun, paint in every:
            kind = "unseen colour" if captions.unseen_pair(paint, noun) else "colour"
            if len(self.asked[kind]) < (100 if kind == "colour" else 60):
                self.asked[kind].append((captions.a(f"{paint} {noun}"), concept, paint))
        things = [(c, n) for c, n in sorted(seen.items()) if captions.countable(n) and len(n.split()) == 1]
        dice.shuffle(things)
        for concept, name in things:
            for count, number in captions.NUMBERS.items():
                kind = "unseen number" if captions.unseen_pair(number, name) else "number"
                if len(self.asked[kind]) < 40:
                    self.asked[kind].append((f"{number} {captions.plural(name)}", concept, str(count)))


def judged(kind: str, asked: list[tuple[str, str, str]], pictures: np.ndarray, namer: Namer, concepts: list[str]) -> dict:
    first, five = hits(namer, concepts, pictures, [concept for _, concept, _ in asked])
    found = {"prompts": len(asked), "top1": first, "top5": five}
    if "colour" in kind:
        found["obeyed"] = float(np.mean([colours.main_colour(p) == paint for p, (_, _, paint) in zip(pictures, asked)]))
    if "number" in kind:
        found["obeyed"] = float(np.mean([pieces(p) == int(count) for p, (_, _, count) in zip(pictures, asked)]))
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--name", default="painter")
    asked.add_argument("--guidance", type=float, default=4.0)
    asked.add_argument("--steps", type=int, default=25)
    asked.add_argument("--namer-steps", type=int, default=2000)
    asked.add_argument("--groups", default="", help="of which groups, with commas between; all that training shows when empty")
    words = asked.parse_args()
    torch.set_num_threads(1 if device().type == "cpu" else 4)
    pixels = np.load(PLACE / "pixels.npy", mmap_mode="r")
    rows = json.loads((PLACE / "rows.json").read_text())["rows"]
    namer, concepts, own = the_judge(pixels, rows, words.namer_steps)
    groups = words.groups.split(",") if words.groups else sorted({row["group"] for row in rows})
    painter, decoder, step = (part.to(device()) if isinstance(part, nn.Module) else part for part in trained(words.name))
    report = {"step": step, "guidance": words.guidance, "steps": words.steps, "groups": groups, "judge itself": own}
    everything = []
    for kind, questions in Questions(rows, groups).asked.items():
        pictures = painted(painter, decoder, prompt_states([q for q, _, _ in questions]), words.steps, words.guidance)
        report[kind] = judged(kind, questions, pictures, namer, concepts)
        everything.append(pictures)
        print(kind, report[kind], flush=True)
    known = pixels[[i for i, row in enumerate(rows) if row["kind"] in ("plain", "moved", "painted")]].astype(np.float32) / 255
    real = pixels[[i for i, row in enumerate(rows) if row["kind"] == "held"]].astype(np.float32) / 255
    for name, pictures in (("painted", np.concatenate(everything)), ("real held out", real)):
        far = nearest(pictures, known)
        report[f"nearest to training, {name}"] = {"median": float(np.median(far)), "share under 0.05": float((far < 0.05).mean())}
    path = PLACE / f"judge-{words.name}-{step:06}.json"
    path.write_text(json.dumps(report, indent=1))
    print(path.read_text())


if __name__ == "__main__":
    main()
