"""The peer of bench `step`: the same training step in PyTorch.

Reads requests from standard input, a line of JSON each: {"sizes": [784, 128, 10], "batch": 64,
"repetitions": 50}; answers with a line of JSON: {"us": median microseconds}.
"""

import json
import statistics
import sys
import time

import torch


def step_of(sizes, batch):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers.append(torch.nn.Linear(inputs, outputs))
        if i < len(sizes) - 2:
            layers.append(torch.nn.ReLU())
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    x = torch.randn(batch, sizes[0])
    y = torch.randint(0, sizes[-1], (batch,))

    def step():
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


torch.set_num_threads(1)
steps = {}
for line in sys.stdin:
    request = json.loads(line)
    key = (tuple(request["sizes"]), request["batch"])
    if key not in steps:
        steps[key] = step_of(*key)
        for _ in range(10):
            steps[key]()
    times = []
    for _ in range(request["repetitions"]):
        start = time.perf_counter()
        steps[key]()
        times.append((time.perf_counter() - start) * 1e6)
    print(json.dumps({"us": statistics.median(times)}), flush=True)
