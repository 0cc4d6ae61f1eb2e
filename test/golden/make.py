"""Golden numbers from PyTorch: a row a case, every case some steps of training.

    python3 test/golden/make.py > test/golden/training.json

Inputs, labels, targets and initial parameters are written beside the results, so that the test
starts from the same bits. Computed in float64: a test sees its own errors only. Made with Debian's
python3-torch 1.13.
"""

import json

import torch

from training import plateau, train

STEPS = 6
CLASSES = 3
SHAPES = {"rows": (13, 5), "images": (6, 7, 5, 2)}

torch.manual_seed(1)
INPUTS = {name: torch.randn(shape) for name, shape in SHAPES.items()}
ANSWERS = {
    "labels": torch.randint(0, CLASSES, (13,)),
    "binary": torch.randint(0, 2, (13,)),
    "targets": torch.randn(13, CLASSES),
}

ROW_NET = [{"dense": 4}, "tanh", {"dense": CLASSES}]
SGD = {"type": "sgd", "learningRate": 0.1}
MOMENTUM = {**SGD, "momentum": 0.9}
NESTEROV = {**MOMENTUM, "nesterov": True}
CROSS_ENTROPY = "softmaxCrossEntropy"
CASES = []


def case(
    name, layers=ROW_NET, inputs="rows", answers="labels", loss=CROSS_ENTROPY, optimizer=SGD,
    batch="full", epochs=STEPS, steps=STEPS, **parts,
):
    torch.manual_seed(len(CASES) + 2)
    config = {
        "model": {"layers": layers},
        "loss": loss,
        "optimizer": optimizer,
        **parts,
        "training": {"batchSize": batch, "epochs": epochs, "shuffle": False},
    }
    x = INPUTS[inputs].double()
    wanted = ANSWERS[answers][: len(x)]
    wanted = wanted.double() if wanted.is_floating_point() else wanted
    results = train(config, x, wanted, steps)
    CASES.append({"name": name, "config": config, "inputs": inputs, "answers": answers, **results})


# Layers between dense ones: what they send down is seen in the gradients below.
ON_ROWS = {
    "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "leakyRelu": "leakyRelu",
    "leakyRelu of slope 0.05": {"leakyRelu": {"slope": 0.05}}, "prelu": "prelu", "elu": "elu",
    "elu of alpha 0.7": {"elu": {"alpha": 0.7}}, "selu": "selu", "gelu": "gelu", "silu": "silu",
    "softplus": "softplus", "exponential": "exponential", "softmax": "softmax", "batchNorm": "batchNorm",
    "batchNorm with options": {"batchNorm": {"momentum": 0.3, "epsilon": 0.01}},
    "maxout": {"maxout": 4}, "maxout of 3 pieces": {"maxout": {"units": 4, "pieces": 3}},
    "dense without bias": {"dense": {"units": 4, "bias": False}},
    "residual": {"residual": [{"dense": 5}, "tanh", {"dense": 6}]},
    "residual in residual": {"residual": ["batchNorm", "relu", {"residual": [{"dense": 6}, "tanh"]}]},
}
for name, layer in ON_ROWS.items():
    case(name, [{"dense": 6}, layer, {"dense": CLASSES}])
case("sigmoid twice", [{"dense": 6}, "sigmoid", {"dense": 5}, "sigmoid", {"dense": CLASSES}])
case("relu twice, regression", [{"dense": 6}, "relu", {"dense": 5}, "relu", {"dense": CLASSES}],
     answers="targets", loss="meanSquaredError")
case("batchNorm behind relu", [{"dense": 6}, "relu", "batchNorm", {"dense": CLASSES}])
case("batchNorm in batches", [{"dense": 6}, "batchNorm", "relu", {"dense": CLASSES}], batch=5)
case("dense on an image", [{"dense": 3}, "tanh", {"dense": CLASSES}], inputs="images")
case("flatten", ["flatten", {"dense": CLASSES}], inputs="images")


def conv(channels, kernel, padding, **options):
    return {"conv2d": {"channels": channels, "kernel": kernel, "padding": padding, **options}}


ON_IMAGES = {
    "conv2d 3 valid": conv(2, 3, "valid"), "conv2d 3 same": conv(2, 3, "same"),
    "conv2d 2 same": conv(2, 2, "same"), "conv2d 5 padded by 1": conv(2, 5, 1),
    "conv2d 3 same, stride 2": conv(2, 3, "same", stride=2),
    "conv2d 2 valid, stride 2": conv(2, 2, "valid", stride=2),
    "conv2d 3 padded by 2, stride 3": conv(2, 3, 2, stride=3),
    "conv2d 1": conv(4, 1, "valid"), "conv2d 3×1": conv(2, [3, 1], "same"),
    "conv2d without bias": conv(2, 3, "same", bias=False),
    "maxPool": {"maxPool": 2}, "maxPool 3, stride 2": {"maxPool": {"size": 3, "stride": 2}},
    "avgPool": {"avgPool": 2}, "avgPool 3, stride 2": {"avgPool": {"size": 3, "stride": 2}},
    "globalAvgPool": "globalAvgPool", "flatten behind conv2d": "flatten",
    "batchNorm of channels": "batchNorm", "prelu of channels": "prelu",
    "residual of conv2d": {"residual": [conv(2, 3, "same"), "relu", conv(3, 3, "same")]},
}
for name, layer in ON_IMAGES.items():
    case(name, [conv(3, 3, "valid"), layer, {"dense": CLASSES}], inputs="images")
case("small convolutional network",
     [conv(3, 3, "same"), "batchNorm", "relu", {"maxPool": 2}, conv(4, 2, "same"), "relu",
      {"residual": [conv(4, 3, "same"), "relu"]}, "globalAvgPool", {"dense": CLASSES}],
     inputs="images", optimizer=NESTEROV, batch=4)

WEIGHTS = [1, 2, 0.5]
case("label smoothing", loss={"type": CROSS_ENTROPY, "labelSmoothing": 0.1})
case("class weights", loss={"type": CROSS_ENTROPY, "classWeights": WEIGHTS})
case("class weights in batches", loss={"type": CROSS_ENTROPY, "classWeights": WEIGHTS}, batch=5)
case("label smoothing with class weights",
     loss={"type": CROSS_ENTROPY, "labelSmoothing": 0.2, "classWeights": WEIGHTS})
case("binaryCrossEntropy", loss="binaryCrossEntropy")
case("binaryCrossEntropy of one output", ROW_NET[:-1] + [{"dense": 1}], answers="binary",
     loss="binaryCrossEntropy")
case("hinge", loss="hinge")
for loss in ("meanSquaredError", "huber"):
    case(f"{loss} of classes", loss=loss)
    case(f"{loss}, regression", answers="targets", loss=loss)
case("huber of delta 0.3", answers="targets", loss={"type": "huber", "delta": 0.3})
case("softmax, then meanSquaredError", ROW_NET + ["softmax"], loss="meanSquaredError")

OPTIMIZERS = {
    "sgd": SGD, "momentum": MOMENTUM, "nesterov": NESTEROV,
    "adagrad": {"type": "adagrad", "learningRate": 0.05},
    "adagrad with epsilon": {"type": "adagrad", "learningRate": 0.05, "epsilon": 0.01},
    "rmsprop": {"type": "rmsprop", "learningRate": 0.01},
    "rmsprop with options": {"type": "rmsprop", "learningRate": 0.02, "rho": 0.5, "epsilon": 1e-3},
    "adam": {"type": "adam", "learningRate": 0.01},
    "adam with options": {
        "type": "adam", "learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6,
    },
    "adamW": {"type": "adamW", "learningRate": 0.01},
    "adamW with options": {
        "type": "adamW", "learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6, "weightDecay": 0.3,
    },
    "lbfgs": {"type": "lbfgs", "learningRate": 0.5},
    "lbfgs of memory 2": {"type": "lbfgs", "learningRate": 0.5, "memory": 2},
}
for name, optimizer in OPTIMIZERS.items():
    case(name, optimizer=optimizer)
    case(f"{name}, l2", optimizer=optimizer, regularization={"l2": 0.03})
case("momentum in batches", optimizer=MOMENTUM, batch=5)

case("l2 on biases too", optimizer=NESTEROV, regularization={"l2": 0.03, "bias": True})
case("l1", regularization={"l1": 0.02})
case("l1, adam", optimizer=OPTIMIZERS["adam"], regularization={"l1": 0.02})
case("elastic net on biases too", regularization={"l1": 0.01, "l2": 0.04, "bias": True})
case("maxNorm", regularization={"maxNorm": 0.8})
case("maxNorm with l2 and momentum", optimizer=MOMENTUM, regularization={"l2": 0.03, "maxNorm": 0.8})
case("maxNorm of conv2d", [conv(3, 3, "valid"), "relu", {"maxPool": 2}, {"dense": CLASSES}],
     inputs="images", regularization={"maxNorm": 0.9})
case("a layer's own regularization",
     [{"dense": {"units": 4, "regularization": {"l2": 0.2, "bias": True}}}, "tanh",
      {"dense": {"units": 4, "regularization": {"maxNorm": 0.5}}}, "tanh", {"dense": CLASSES}],
     regularization={"l1": 0.01})

case("clipped by value", gradientClip={"value": 0.03})
case("clipped by norm", gradientClip={"norm": 0.2})
case("clipped by a norm it does not reach", gradientClip={"norm": 50})
case("clipped, with l2 and momentum", optimizer=MOMENTUM, gradientClip={"norm": 0.2},
     regularization={"l2": 0.03})

SCHEDULES = {
    "step": {"type": "step", "every": 2, "factor": 0.5},
    "exponential": {"type": "exponential", "rate": 0.3},
    "inverse": {"type": "inverse", "rate": 0.5},
    "cosine": {"type": "cosine"},
    "cosineRestarts": {"type": "cosineRestarts", "period": 3},
    "cosineRestarts, each longer": {"type": "cosineRestarts", "period": 2, "multiply": 2},
    "oneCycle": {"type": "oneCycle"},
    "step with warmup": {"type": "step", "every": 4, "factor": 0.1, "warmup": 3},
    "cosine with warmup": {"type": "cosine", "warmup": 3},
}
for name, schedule in SCHEDULES.items():
    case(f"schedule {name}", optimizer=MOMENTUM, schedule=schedule, epochs=9, steps=9)
for name in ("step", "cosine", "cosineRestarts", "oneCycle"):
    case(f"schedule {name} in batches", optimizer=MOMENTUM, schedule=SCHEDULES[name], batch=5,
         epochs=4, steps=12)

FALLING = [1.0, 0.8, 0.79, 0.81, 0.8, 0.8, 0.7, 0.69999, 0.7, 0.7, 0.7, 0.7, 0.6]
PLATEAUS = [plateau(patience, factor, FALLING) for patience, factor in ((0, 0.5), (1, 0.1), (2, 0.5))]


def rounded(value):
    """Nine digits: exact for float32."""
    return json.loads(json.dumps(value), parse_float=lambda digits: float(f"{float(digits):.9g}"))


if __name__ == "__main__":
    golden = {
        "torch": torch.__version__,
        "inputs": {
            name: {"shape": list(x.shape), "values": x.flatten().tolist()} for name, x in INPUTS.items()
        },
        "answers": {
            name: {"outputs": 2 if name == "binary" else CLASSES, "values": values.flatten().tolist()}
            for name, values in ANSWERS.items()
        },
        "cases": CASES,
        "plateaus": PLATEAUS,
    }
    print(json.dumps(rounded(golden), separators=(",", ":")))
