"""How long, how large and how fast each place trains: `cpu` for nights on two cores, `gpu` for an hour."""

from dataclasses import dataclass

# How often each kind of training picture is shown. Within a kind every concept is shown as often as any other, however
# many sets drew it.
KINDS = {"plain": 0.45, "moved": 0.14, "painted": 0.26, "many": 0.07, "joined": 0.03, "ground": 0.05}


@dataclass(frozen=True)
class Config:
    """Steps, batch sizes, rates and the painter's shape: its outer width, inner width and depth."""

    eyes_steps: int
    eyes_batch: int
    eyes_rate: float
    steps: int
    batch: int
    rate: float
    shape: tuple[int, int, int]
    compiled: bool
    save_minutes: float = 10
    sheet_steps: int = 1000
    seed: int = 7


CPU = Config(eyes_steps=2300, eyes_batch=16, eyes_rate=1e-3, steps=200_000, batch=128, rate=2e-3, shape=(192, 320, 4), compiled=True)
GPU = Config(eyes_steps=30_000, eyes_batch=256, eyes_rate=1e-3, steps=150_000, batch=512, rate=2e-3, shape=(192, 320, 4), compiled=True, sheet_steps=10_000)
CONFIGS = {"cpu": CPU, "gpu": GPU}
