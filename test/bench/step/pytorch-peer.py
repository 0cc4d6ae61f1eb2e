"""The peer of bench `step`: the same training step in PyTorch, on as many threads as the argument says.

Reads requests from standard input, a line of JSON each: {"input": [784], "layers": [{"dense": 128}, "relu",
…], "classes": 10, "batch": 64, "repetitions": 50}; answers with a line of JSON: {"us": median microseconds}.
Images are channels first, as PyTorch likes them best on the CPU.
"""

import json
import statistics
import sys
import time

import torch


def layers_of(layers, shape):
    """Modules; `shape` is [features] or [height, width, channels]."""
    modules = []
    for layer in layers:
        if layer == "relu":
            modules.append(torch.nn.ReLU())
            continue
        ((kind, value),) = layer.items()
        if kind == "dense":
            if len(shape) == 3:
                modules.append(torch.nn.Flatten())
            features = 1
            for extent in shape:
                features *= extent
            modules.append(torch.nn.Linear(features, value))
            shape = [value]
        elif kind == "conv2d":
            kernel = value["kernel"]
            padding = kernel // 2 if value["padding"] == "same" else 0
            modules.append(torch.nn.Conv2d(shape[2], value["channels"], kernel, padding=padding))
            less = 0 if value["padding"] == "same" else kernel - 1
            shape = [shape[0] - less, shape[1] - less, value["channels"]]
        elif kind == "maxPool":
            modules.append(torch.nn.MaxPool2d(value))
            shape = [shape[0] // value, shape[1] // value, shape[2]]
        else:
            raise ValueError(kind)
    return modules


def step_of(request):
    shape = request["input"]
    batch = request["batch"]
    model = torch.nn.Sequential(*layers_of(request["layers"], shape))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    x = torch.randn(batch, *(shape if len(shape) == 1 else [shape[2], shape[0], shape[1]]))
    y = torch.randint(0, request["classes"], (batch,))

    def step():
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


torch.set_num_threads(int(sys.argv[1]))
steps = {}
for line in sys.stdin:
    request = json.loads(line)
    repetitions = request.pop("repetitions")
    key = json.dumps(request)
    if key not in steps:
        steps[key] = step_of(request)
        for _ in range(5):
            steps[key]()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        steps[key]()
        times.append((time.perf_counter() - start) * 1e6)
    print(json.dumps({"us": statistics.median(times)}), flush=True)
