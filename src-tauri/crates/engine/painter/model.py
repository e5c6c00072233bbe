"""The painter's networks: pictures to latents and back, and the velocity of a latent given words and time."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LATENTS = 24
TEXT = 384


class Residual(nn.Module):
    """Two convolutions without normalising; the second begins at zero, so that depth does no harm at first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(F.relu(x))))


class Encoder(nn.Module):
    """RGB in -1..1, an eighth as wide and high with LATENTS channels; stays with the training."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, 128, 3, padding=1),
            Residual(128),
            nn.Conv2d(128, 192, 2, stride=2),
            Residual(192),
            Residual(192),
            nn.Conv2d(192, LATENTS, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Decoder(nn.Module):
    """Latents of unit variance to RGB about -1..1, eight times as wide and high; any size."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(LATENTS, 192, 3, padding=1),
            Residual(192),
            Residual(192),
            nn.Conv2d(192, 128 * 4, 1),
            nn.PixelShuffle(2),
            Residual(128),
            nn.Conv2d(128, 64 * 4, 1),
            nn.PixelShuffle(2),
            Residual(64),
            nn.ReLU(),
            nn.Conv2d(64, 12, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


def sinusoids(positions: Tensor, width: int, longest: float) -> Tensor:
    """[n] to [n, width]: sines and cosines of ever longer periods."""
    rates = torch.exp(-math.log(longest) * torch.arange(width // 2, device=positions.device) / (width // 2))
    angles = positions[:, None].float() * rates
    return torch.cat([angles.cos(), angles.sin()], -1)


def grid(height: int, width: int, channels: int, device: torch.device) -> Tensor:
    """Where each token is, measured from the middle, so that wider pictures keep the sticker's own places."""
    rows, columns = (torch.arange(side, device=device, dtype=torch.float32) for side in (height, width))
    rows, columns = (sinusoids(line - line.mean(), channels // 2, 100) for line in (rows, columns))
    both = [rows[:, None].expand(height, width, -1), columns[None].expand(height, width, -1)]
    return torch.cat(both, -1).reshape(1, height * width, channels)


def norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:])


def level(x: Tensor) -> Tensor:
    """Every place of [n, channels, h, w] brought to unit size."""
    return x * torch.rsqrt(x.float().square().mean(1, keepdim=True) + 1e-6).to(x.dtype)


class Attention(nn.Module):
    """Heads of 64 with levelled queries and keys; looks at itself or at the words."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // 64
        self.query = nn.Linear(width, width, bias=False)
        self.pair = nn.Linear(width, 2 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.scale = nn.Parameter(torch.full((self.heads, 1, 1), 8.0))
        nn.init.zeros_(self.out.weight)

    def split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, 64)).transpose(1, 2)

    def forward(self, x: Tensor, source: Tensor, bias: Tensor | None = None) -> Tensor:
        keys, values = self.pair(source).chunk(2, -1)
        queries = F.normalize(self.split(self.query(x)), dim=-1) * self.scale
        weights = queries @ F.normalize(self.split(keys), dim=-1).transpose(-1, -2)
        if bias is not None:
            weights = weights + bias
        mixed = weights.softmax(-1).to(x.dtype) @ self.split(values).to(x.dtype)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """Looks around, reads the words, thinks; each part shifted, scaled and gated by time and text."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.around = Attention(width)
        self.words = Attention(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.table = nn.Parameter(torch.zeros(6, width))
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(self, x: Tensor, when: Tensor, text: Tensor, bias: Tensor) -> Tensor:
        shift, scale, gate, shift2, scale2, gate2 = (when + self.table).unbind(1)
        h = norm(x) * (1 + scale[:, None]) + shift[:, None]
        x = x + self.around(h, h) * (1 + gate[:, None])
        x = x + self.words(norm(x), text, bias)
        h = norm(x) * (1 + scale2[:, None]) + shift2[:, None]
        return x + self.down(F.silu(self.up(h))) * (1 + gate2[:, None])


class Near(nn.Module):
    """Two convolutions that see the neighbouring places, told the time and the gist of the words."""

    def __init__(self, width: int, told: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.tell = nn.Linear(told, 2 * width)
        for layer in (self.second, self.tell):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, when: Tensor) -> Tensor:
        scale, shift = self.tell(when)[:, :, None, None].chunk(2, 1)
        h = level(self.first(F.silu(level(x)))) * (1 + scale) + shift
        return x + self.second(F.silu(h))


class Painter(nn.Module):
    """The velocity from a clear latent (time 0) to noise (time 1), for words as token states and a mask.

    Convolutions at the latent's own size, attention to all places and to the words at half of it, and back.
    """

    def __init__(self, outer: int = 192, width: int = 320, depth: int = 4) -> None:
        super().__init__()
        self.width = width
        self.enter = nn.Conv2d(LATENTS, outer, 3, padding=1)
        self.before = Near(outer, width)
        self.shrink = nn.Conv2d(outer, width, 2, stride=2)
        self.blocks = nn.ModuleList(Block(width) for _ in range(depth))
        self.grow = nn.Linear(width, 4 * outer)
        self.after = Near(outer, width)
        self.leave = nn.Conv2d(outer, LATENTS, 3, padding=1)
        self.read = nn.Linear(TEXT, width)
        self.gist = nn.Linear(TEXT, width)
        self.clock = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))
        self.modulate = nn.Linear(width, 6 * width)
        for layer in (self.modulate, self.leave):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, time: Tensor, text: Tensor, mask: Tensor) -> Tensor:
        """x [n, LATENTS, h, w] (even sides), time [n] in 0..1, text [n, tokens, 384], mask [n, tokens] true where a token is."""
        text = norm(text)
        gist = (text * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        told = F.silu(self.clock(sinusoids(time * 1000, 256, 10000)) + self.gist(gist))
        when = self.modulate(told).unflatten(1, (6, self.width))
        bias = torch.zeros_like(text[:, None, None, :, 0]).masked_fill(~mask[:, None, None], -1e4)
        words = norm(self.read(text))
        outer = self.before(self.enter(x), told)
        small = self.shrink(outer)
        size = small.shape[2:]
        h = small.flatten(2).transpose(1, 2) + grid(*size, self.width, x.device)
        for block in self.blocks:
            h = block(h, when, words, bias)
        h = self.grow(norm(h)).transpose(1, 2).unflatten(2, size)
        return self.leave(F.silu(level(self.after(outer + F.pixel_shuffle(h, 2), told))))
