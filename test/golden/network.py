"""A network of torch from the layers of a config. Examples are rows or NHWC images, in float64.

Parameters are named by their place, as the engine names them, and laid out as there: dense [in x units],
conv2d [kernel height x kernel width x in x out], maxout with the pieces of a unit side by side.
"""

import math

import torch
from torch.nn import functional as F

PLAIN = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leakyRelu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "softplus": F.softplus,
    "exponential": torch.exp,
    "softmax": lambda h: h.softmax(-1),
    "flatten": lambda h: h.flatten(1),
    "globalAvgPool": lambda h: h.mean((1, 2)),
}


def channels_first(h):
    return h.movedim(-1, 1)


def channels_last(h):
    return h.movedim(1, -1)


class Network:
    """Makes parameters when it first meets them: random float32 values, which both sides can start from."""

    def __init__(self, layers):
        self.layers = layers
        self.parameters = {}
        self.options = {}
        self.states = {}
        self.training = True

    def __call__(self, x):
        return self.sequence(self.layers, x, "model.layers")

    def sequence(self, layers, h, path):
        for index, layer in enumerate(layers):
            h = self.layer(layer, h, f"{path}.{index}")
        return h

    def parameter(self, name, shape, std, mean=0.0, options=None):
        if name not in self.parameters:
            values = (torch.randn(shape) * std + mean).float().double()
            self.parameters[name] = values.requires_grad_()
            self.options[name] = options or {}
        return self.parameters[name]

    def state(self, name, size, start):
        return self.states.setdefault(name, torch.full((size,), start, dtype=torch.float64))

    def weights_and_biases(self, path, shape, options):
        fan_in = math.prod(shape[:-1])
        own = options.get("regularization")
        weights = self.parameter(f"{path}.weights", shape, fan_in**-0.5, options=own)
        if options.get("bias", True):
            return weights, self.parameter(f"{path}.biases", shape[-1:], 0.1, options=own)
        return weights, torch.zeros(shape[-1], dtype=torch.float64)

    def layer(self, layer, h, path):
        kind, options = (layer, {}) if isinstance(layer, str) else next(iter(layer.items()))
        channels = h.shape[-1]
        if kind in ("dense", "maxout"):
            if not isinstance(options, dict):
                options = {"units": options}
            pieces = options.get("pieces", 2) if kind == "maxout" else 1
            h = h.flatten(1)
            shape = (h.shape[1], options["units"] * pieces)
            weights, biases = self.weights_and_biases(path, shape, options)
            h = h @ weights + biases
            return h.unflatten(1, (-1, pieces)).amax(-1) if kind == "maxout" else h
        if kind == "conv2d":
            return self.conv2d(options, h, path)
        if kind in ("maxPool", "avgPool"):
            if not isinstance(options, dict):
                options = {"size": options}
            pool = F.max_pool2d if kind == "maxPool" else F.avg_pool2d
            stride = options.get("stride", options["size"])
            return channels_last(pool(channels_first(h), options["size"], stride))
        if kind == "batchNorm":
            scale = self.parameter(f"{path}.scale", (channels,), 0.2, mean=1.0)
            shift = self.parameter(f"{path}.shift", (channels,), 0.1)
            mean = self.state(f"{path}.runningMean", channels, 0.0)
            variance = self.state(f"{path}.runningVariance", channels, 1.0)
            momentum, epsilon = options.get("momentum", 0.1), options.get("epsilon", 1e-5)
            normal = F.batch_norm(
                channels_first(h), mean, variance, scale, shift, self.training, momentum, epsilon
            )
            return channels_last(normal)
        if kind == "prelu":
            slope = self.parameter(f"{path}.slope", (channels,), 0.1, mean=0.25)
            return channels_last(F.prelu(channels_first(h), slope))
        if kind == "residual":
            return h + self.sequence(options, h, f"{path}.residual")
        if kind == "leakyRelu" and options:
            return F.leaky_relu(h, options["slope"])
        if kind == "elu" and options:
            return F.elu(h, options["alpha"])
        return PLAIN[kind](h)

    def conv2d(self, options, h, path):
        kernel, stride = options["kernel"], options.get("stride", 1)
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        shape = (height, width, h.shape[-1], options["channels"])
        weights, biases = self.weights_and_biases(path, shape, options)
        sides = [
            ends(extent, size, stride, options["padding"])
            for extent, size in zip(h.shape[1:3], (height, width))
        ]
        padded = F.pad(channels_first(h), (*sides[1], *sides[0]))
        return channels_last(F.conv2d(padded, weights.permute(3, 2, 0, 1), biases, stride))


def ends(extent, size, stride, padding):
    """Zeros before and after; `same` is TensorFlow's."""
    if padding == "same":
        total = max((math.ceil(extent / stride) - 1) * stride + size - extent, 0)
        return total // 2, total - total // 2
    return (0, 0) if padding == "valid" else (padding, padding)
