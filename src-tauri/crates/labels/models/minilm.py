"""Makes minilm.onnx: the graph of all-MiniLM-L6-v2 without its weights, which stay in the Hub's own model.safetensors;
the graph says at which byte of that file each tensor lies. It gives `vectors`, a direction a text, and `states`, the
last hidden states of every token that the painter reads. Run once, by hand:

    python minilm.py model.safetensors

Needs numpy and onnx. The layers are those of BERT as transformers has them; at the end stand the mean over the tokens
and the length of 1 that the model's modules.json asks for.
"""

import hashlib
import json
import struct
import sys
from pathlib import Path

import numpy
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12


class Graph:
    def __init__(self, weights):
        (self.start,) = struct.unpack("<Q", weights[:8])
        self.tensors = json.loads(weights[8 : 8 + self.start])
        self.nodes, self.kept = [], {}

    def node(self, kind, *inputs, name=None, **options):
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **options))
        return name

    def weight(self, name):
        """A tensor of the file, by its place there."""
        about = self.tensors[name]
        assert about["dtype"] == "F32"
        begin, end = about["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=about["shape"], data_location=TensorProto.EXTERNAL)
        for key, value in (("location", "model.safetensors"), ("offset", 8 + self.start + begin), ("length", end - begin)):
            tensor.external_data.add(key=key, value=str(value))
        self.kept[name] = tensor
        return name

    def numbers(self, name, values, kind=numpy.int64):
        self.kept[name] = numpy_helper.from_array(numpy.array(values, kind), name)
        return name

    def norm(self, x, name):
        return self.node("LayerNormalization", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), epsilon=EPSILON)

    def dense(self, x, name):
        return self.node("Gemm", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), transB=1)

    def heads(self, x, shape, order):
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)

    def layer(self, x, at, shape, hidden):
        """`x` is one row a token, of all texts."""
        own = f"encoder.layer.{at}"
        of = lambda what, order: self.heads(self.dense(x, f"{own}.attention.self.{what}"), shape, order)
        query, key, value = of("query", [0, 2, 1, 3]), of("key", [0, 2, 3, 1]), of("value", [0, 2, 1, 3])
        scores = self.node("Add", self.node("Mul", self.node("MatMul", query, key), "scale"), hidden)
        seen = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        seen = self.node("Reshape", self.node("Transpose", seen, perm=[0, 2, 1, 3]), "rows")
        x = self.norm(self.node("Add", self.dense(seen, f"{own}.attention.output.dense"), x), f"{own}.attention.output.LayerNorm")
        wide = self.node("Gelu", self.dense(x, f"{own}.intermediate.dense"))
        return self.norm(self.node("Add", self.dense(wide, f"{own}.output.dense"), x), f"{own}.output.LayerNorm")


def build(weights):
    graph = Graph(weights)
    for name, values in (("rows", [-1, WIDTH]), ("first", [0]), ("one", [1]), ("two", [2]), ("last", [-1]), ("sides", [1, 2])):
        graph.numbers(name, values)
    graph.numbers("parts", [HEADS, WIDTH // HEADS])
    graph.numbers("width", [WIDTH])
    for name, value in (("scale", (WIDTH // HEADS) ** -0.5), ("whole", 1), ("never", -1e9), ("least", 1e-9), ("shortest", 1e-12)):
        graph.numbers(name, value, numpy.float32)
    size = graph.node("Shape", "tokens")
    length = graph.node("Slice", size, "one", "two")
    split = graph.node("Concat", size, "parts", axis=0)
    # Marks of what is there, and a number that no softmax sees for what is not.
    here = graph.node("Cast", "here", to=TensorProto.FLOAT)
    hidden = graph.node("Unsqueeze", graph.node("Mul", graph.node("Sub", "whole", here), "never"), "sides")
    x = graph.node("Gather", graph.weight("embeddings.word_embeddings.weight"), "tokens")
    places = graph.node("Slice", graph.weight("embeddings.position_embeddings.weight"), "first", length, "first")
    kind = graph.node("Slice", graph.weight("embeddings.token_type_embeddings.weight"), "first", "one", "first")
    x = graph.node("Add", x, graph.node("Add", places, kind))
    x = graph.node("Reshape", graph.norm(x, "embeddings.LayerNorm"), "rows")
    for at in range(LAYERS):
        x = graph.layer(x, at, split, hidden)
    x = graph.node("Reshape", x, graph.node("Concat", size, "width", axis=0), name="states")
    here = graph.node("Unsqueeze", here, "last")
    total = graph.node("ReduceSum", graph.node("Mul", x, here), "one", keepdims=0)
    mean = graph.node("Div", total, graph.node("Max", graph.node("ReduceSum", here, "one", keepdims=0), "least"))
    graph.node("Div", mean, graph.node("Max", graph.node("ReduceL2", mean, "last"), "shortest"), name="vectors")
    of = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])
    states = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["texts", "length", WIDTH])
    whole = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", [of("tokens"), of("here")], [vectors, states], list(graph.kept.values()))
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 20)], ir_version=9, producer_name="limerick")


def main():
    weights = Path(sys.argv[1])
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS:
        sys.exit("This is not the file that the hash is of.")
    model = build(weights.read_bytes()[: 1 << 16])
    (Path(__file__).parent / "minilm.onnx").write_bytes(model.SerializeToString(deterministic=True))


main()
