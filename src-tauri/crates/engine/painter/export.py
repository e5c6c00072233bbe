"""`python export.py`: writes the painter for the app and checks that it paints the same as here."""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

import sampler
from model import LATENTS, Decoder, Painter
from sheet import prompt_states, trained
from sources import PLACE

STEPS = 30
GUIDANCE = 4.0
# The largest difference of any colour of any pixel (0..1) that still counts as the same picture.
ALIKE = 1e-2


def to_onnx(model: nn.Module, inputs: tuple[Tensor, ...], names: list[str], out: str, moving: dict, path: Path) -> None:
    """One graph with its weights inside, in single precision; halved afterwards."""
    shapes = tuple({i: axes[i] for i in axes} for axes in moving.values())
    program = torch.onnx.export(model, inputs, input_names=names, output_names=[out], dynamo=True, dynamic_shapes=shapes, verbose=False)
    program.optimize()
    program.save(path, external_data=False)


def bare(graph: onnx.ModelProto) -> None:
    """Leaves out what torch notes for developers: the lines of code, and so the folders, that each node came from."""
    noted = [graph, graph.graph, *graph.graph.node, *graph.graph.initializer, *graph.graph.value_info, *graph.graph.input, *graph.graph.output]
    for part in noted:
        del part.metadata_props[:]
        part.ClearField("doc_string")


def halved(path: Path) -> None:
    """Keeps large weights as half floats in the file and widens them when the graph is loaded: half the size, the same sums."""
    graph = onnx.load(path)
    bare(graph)
    kept, widened = [], []
    for weight in graph.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < 1024:
            kept.append(weight)
            continue
        kept.append(onnx.numpy_helper.from_array(values.astype(np.float16), weight.name + ".half"))
        widened.append(onnx.helper.make_node("Cast", [weight.name + ".half"], [weight.name], to=onnx.TensorProto.FLOAT))
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(kept)
    nodes = widened + list(graph.graph.node)
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class Graph(nn.Module):
    """The exported painter, called as the one here is."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.session = session(path)

    def forward(self, *inputs: Tensor) -> Tensor:
        names = [entry.name for entry in self.session.get_inputs()]
        return torch.from_numpy(self.session.run(None, {n: i.numpy() for n, i in zip(names, inputs)})[0])


def painted(painter: nn.Module, decoder: nn.Module, words: tuple, against: tuple) -> tuple[Tensor, float]:
    """One picture from fixed noise, and the seconds it took."""
    began = time.perf_counter()
    found = sampler.latents(painter, sampler.noise(5)[None], words, against, STEPS, GUIDANCE)
    return sampler.pictures(decoder, found), time.perf_counter() - began


def rounded(model: nn.Module) -> None:
    """What the app gets are half floats; here they are rounded too, so that the check compares like with like."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.numel() >= 1024:
                weight.copy_(weight.half().float())


def write_graphs(painter: Painter, decoder: Decoder, folder: Path) -> list[Path]:
    """Both graphs for any number of pictures of any even size and any number of words."""
    n, tokens = torch.export.Dim("n", min=1, max=64), torch.export.Dim("tokens", min=2, max=64)
    halves = [torch.export.Dim(name, min=1, max=32) * 2 for name in ("half_height", "half_width")]
    moving = {"x": {0: n, 2: halves[0], 3: halves[1]}, "time": {0: n}, "text": {0: n, 1: tokens}, "mask": {0: n, 1: tokens}}
    example = (torch.randn(2, LATENTS, 8, 12), torch.rand(2), torch.randn(2, 7, 384), torch.ones(2, 7, dtype=torch.bool))
    paths = [folder / "painter.onnx", folder / "decoder.onnx"]
    to_onnx(painter, example, list(moving), "velocity", moving, paths[0])
    height, width = torch.export.Dim("height", min=2, max=64), torch.export.Dim("width", min=2, max=64)
    to_onnx(decoder, (torch.randn(1, LATENTS, 8, 12),), ["latents"], "picture", {"latents": {2: height, 3: width}}, paths[1])
    for path in paths:
        halved(path)
    return paths


def compared(painter: Painter, decoder: Decoder, paths: list[Path]) -> dict:
    """The largest difference of a picture painted here and by the graphs, and how long each took on two threads."""
    torch.set_num_threads(2)
    said, against = prompt_states(["a red apple"])
    longest = int(max(said[1].sum(), against[1].sum()))
    said, against = (tuple(part[:, :longest] for part in one) for one in (said, against))
    here, torch_time = painted(painter, decoder, said, against)
    there, graph_time = painted(*map(Graph, paths), said, against)
    return {"largest difference": float((here - there).abs().max()), "torch seconds": torch_time, "onnx seconds": graph_time}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--name", default="painter")
    asked.add_argument("--out", type=Path, default=PLACE / "export")
    words = asked.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    painter, decoder, step = trained(words.name)
    rounded(painter)
    rounded(decoder)
    tensors = {f"{part}.{k}": v.half() for part, model in (("painter", painter), ("decoder", decoder)) for k, v in model.state_dict().items()}
    save_file(tensors, words.out / "painter.safetensors", {"step": str(step)})
    paths = write_graphs(painter, decoder, words.out)
    report = {"step": step, "steps": STEPS, "guidance": GUIDANCE} | {path.name: path.stat().st_size for path in paths}
    report |= compared(painter, decoder, paths)
    (words.out / "export.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))
    if report["largest difference"] > ALIKE:
        raise SystemExit("The exported painter paints something else.")


if __name__ == "__main__":
    main()
