"""Golden numbers from PyTorch: a row a case, every case some steps of full-batch training.

    python3 test/golden/make.py > test/golden/training.json

Inputs, labels, targets and initial parameters are written beside the results, so that the test
starts from the same bits. Made with Debian's python3-torch 1.13.
"""

import json
import torch

STEPS = 6
ROWS, FEATURES, HIDDEN, CLASSES = 13, 7, 9, 3

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leakyRelu": lambda x: torch.nn.functional.leaky_relu(x, 0.05),
    "elu": lambda x: torch.nn.functional.elu(x, 0.7),
}
LAYERS = {"leakyRelu": {"leakyRelu": {"slope": 0.05}}, "elu": {"elu": {"alpha": 0.7}}}

SGD = {"type": "sgd", "learningRate": 0.1}
OPTIMIZERS = {
    "sgd": SGD,
    "momentum": {**SGD, "momentum": 0.9},
    "nesterov": {**SGD, "momentum": 0.9, "nesterov": True},
    "adam": {"type": "adam", "learningRate": 0.01},
    "adam, other betas": {
        "type": "adam", "learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6,
    },
}


def optimizer_of(config, groups):
    rate = config["learningRate"]
    if config["type"] == "adam":
        betas = (config.get("beta1", 0.9), config.get("beta2", 0.999))
        return torch.optim.Adam(groups, lr=rate, betas=betas, eps=config.get("epsilon", 1e-8))
    return torch.optim.SGD(
        groups, lr=rate, momentum=config.get("momentum", 0), nesterov=config.get("nesterov", False)
    )


def case(name, activation="tanh", loss="softmaxCrossEntropy", optimizer="sgd", l2=0.0, bias=False):
    torch.manual_seed(1)
    x = torch.randn(ROWS, FEATURES)
    labels = torch.randint(0, CLASSES, (ROWS,))
    targets = torch.randn(ROWS, CLASSES)
    sizes = [(FEATURES, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, CLASSES)]
    weights = [(torch.randn(i, o) / i**0.5).requires_grad_() for i, o in sizes]
    biases = [(torch.randn(o) * 0.1).requires_grad_() for _, o in sizes]
    start = [[w.flatten().tolist(), b.tolist()] for w, b in zip(weights, biases)]
    config = OPTIMIZERS[optimizer]
    step = optimizer_of(
        config,
        [{"params": weights, "weight_decay": l2}, {"params": biases, "weight_decay": l2 if bias else 0}],
    )
    losses, costs, gradient = [], [], None
    for _ in range(STEPS):
        h = x
        for k, (w, b) in enumerate(zip(weights, biases)):
            h = h @ w + b
            if k < 2:
                h = ACTIVATIONS[activation](h)
        data_loss = (
            torch.nn.functional.cross_entropy(h, labels)
            if loss == "softmaxCrossEntropy"
            else torch.nn.functional.mse_loss(h, targets)
        )
        penalty = 0.5 * l2 * sum((p**2).sum() for p in weights + (biases if bias else []))
        losses.append(data_loss.item())
        costs.append((data_loss + penalty).item())
        step.zero_grad()
        data_loss.backward()
        if gradient is None:
            gradient = [[w.grad.flatten().tolist(), b.grad.tolist()] for w, b in zip(weights, biases)]
        step.step()
    return {
        "name": name,
        "layer": LAYERS.get(activation, activation),
        "loss": loss,
        "optimizer": config,
        "regularization": {"l2": l2, "bias": bias},
        "shape": [ROWS, FEATURES, HIDDEN, CLASSES],
        "inputs": x.flatten().tolist(),
        "labels": labels.tolist(),
        "targets": targets.flatten().tolist(),
        "start": start,
        "gradient": gradient,
        "losses": losses,
        "costs": costs,
        "end": [[w.flatten().tolist(), b.tolist()] for w, b in zip(weights, biases)],
    }


CASES = (
    [case(f"{name}, softmaxCrossEntropy", activation=name) for name in ACTIVATIONS]
    + [case(f"{name}, meanSquaredError", activation=name, loss="meanSquaredError") for name in ACTIVATIONS]
    + [case(name, optimizer=name) for name in OPTIMIZERS]
    + [case(f"{name}, l2", optimizer=name, l2=0.03) for name in OPTIMIZERS]
    + [case("l2 on biases too", optimizer="nesterov", l2=0.03, bias=True)]
)

if __name__ == "__main__":
    rounded = json.loads(json.dumps({"torch": torch.__version__, "cases": CASES}), parse_float=lambda s: float(f"{float(s):.9g}"))
    print(json.dumps(rounded, separators=(",", ":")))
