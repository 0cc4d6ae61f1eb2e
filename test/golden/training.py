"""Losses, optimizers, schedules, penalties and clipping of a config, in torch; and the loop of them."""

import math

import torch
from torch import optim
from torch.nn import functional as F

from network import Network


def loss_of(config, z, answers):
    options = {"type": config} if isinstance(config, str) else config
    kind, outputs = options["type"], z.shape[1]
    if kind == "softmaxCrossEntropy":
        weights = options.get("classWeights")
        weights = weights and torch.tensor(weights, dtype=torch.float64)
        smoothing = options.get("labelSmoothing", 0.0)
        return F.cross_entropy(z, answers, weight=weights, label_smoothing=smoothing)
    if kind == "hinge":
        # PyTorch divides by the classes too.
        return F.multi_margin_loss(z, answers) * outputs
    if answers.is_floating_point():
        targets = answers
    elif outputs == 1:
        targets = answers[:, None].double()
    else:
        targets = F.one_hot(answers, outputs).double()
    if kind == "binaryCrossEntropy":
        return F.binary_cross_entropy_with_logits(z, targets)
    if kind == "huber":
        return F.huber_loss(z, targets, delta=options.get("delta", 1.0))
    return F.mse_loss(z, targets)


def optimizer_of(config, parameters):
    rate, get = config["learningRate"], config.get
    betas, epsilon = (get("beta1", 0.9), get("beta2", 0.999)), get("epsilon", 1e-8)
    kind = config["type"]
    if kind == "sgd":
        return optim.SGD(
            parameters, rate, momentum=get("momentum", 0), nesterov=get("nesterov", False)
        )
    if kind == "adagrad":
        return optim.Adagrad(parameters, rate, eps=get("epsilon", 1e-10))
    if kind == "rmsprop":
        return optim.RMSprop(parameters, rate, alpha=get("rho", 0.9), eps=epsilon)
    if kind == "adam":
        return optim.Adam(parameters, rate, betas=betas, eps=epsilon)
    if kind == "adamW":
        decay = get("weightDecay", 1e-2)
        return optim.AdamW(parameters, rate, betas=betas, eps=epsilon, weight_decay=decay)
    return optim.LBFGS(parameters, rate, max_iter=1, history_size=get("memory", 10))


def scheduler_of(config, optimizer, epochs, steps_per_epoch):
    """A scheduler, and whether it is stepped after each update rather than after each epoch."""
    kind, get = config.get("type"), config.get
    schedulers = optim.lr_scheduler
    warmup = get("warmup", 0) * steps_per_epoch
    if warmup:
        # Here epochs and updates must be the same: torch steps both parts alike.
        rest = {key: value for key, value in config.items() if key != "warmup"}
        rise = schedulers.LinearLR(optimizer, 1 / warmup, total_iters=warmup - 1)
        shape, _ = scheduler_of(rest, optimizer, epochs - get("warmup"), steps_per_epoch)
        return schedulers.SequentialLR(optimizer, [rise, shape], [warmup]), True
    if kind == "step":
        return schedulers.StepLR(optimizer, get("every"), get("factor")), False
    if kind == "exponential":
        return schedulers.ExponentialLR(optimizer, math.exp(-get("rate"))), False
    if kind == "inverse":
        rule = lambda epoch: 1 / (1 + get("rate") * epoch)
        return schedulers.LambdaLR(optimizer, rule), False
    if kind == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, epochs * steps_per_epoch), True
    if kind == "cosineRestarts":
        period = get("period") * steps_per_epoch
        return schedulers.CosineAnnealingWarmRestarts(optimizer, period, get("multiply", 1)), True
    if kind == "oneCycle":
        rate, steps = optimizer.param_groups[0]["lr"], epochs * steps_per_epoch
        cycle = schedulers.OneCycleLR
        return cycle(optimizer, rate, total_steps=steps, cycle_momentum=False), True
    return schedulers.LambdaLR(optimizer, lambda epoch: 1), False


def penalties_of(config, network):
    """l1, l2 and maxNorm of each parameter; a layer's own replace the config's."""
    chosen = {}
    for name, own in network.options.items():
        options = own or config
        l1, l2 = options.get("l1", 0.0), options.get("l2", 0.0)
        if name.endswith(".weights"):
            chosen[name] = (l1, l2, options.get("maxNorm", math.inf))
        elif name.endswith(".biases") and options.get("bias", False):
            chosen[name] = (l1, l2, math.inf)
    return chosen


def flat(tensors):
    return {name: values.flatten().tolist() for name, values in tensors.items()}


def train(config, x, answers, steps):
    network = Network(config["model"]["layers"])
    network(x)
    network.states.clear()  # the first pass only made the parameters
    parameters = network.parameters
    start = flat(parameters)
    penalties = penalties_of(config.get("regularization", {}), network)
    optimizer = optimizer_of(config["optimizer"], list(parameters.values()))
    rows = len(x)
    batch = rows if config["training"]["batchSize"] == "full" else config["training"]["batchSize"]
    steps_per_epoch = math.ceil(rows / batch)
    scheduler, each_step = scheduler_of(
        config.get("schedule", {}), optimizer, config["training"].get("epochs", 1), steps_per_epoch
    )
    losses, costs, rates, gradient = [], [], [], None
    for step in range(steps):
        place = step % steps_per_epoch * batch
        loss = loss_of(config["loss"], network(x[place : place + batch]), answers[place : place + batch])
        optimizer.zero_grad()
        loss.backward()
        gradient = gradient or flat({name: p.grad for name, p in parameters.items()})
        clip = config.get("gradientClip", {})
        if "value" in clip:
            torch.nn.utils.clip_grad_value_(parameters.values(), clip["value"])
        if "norm" in clip:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip["norm"])
        cost = loss.item()
        with torch.no_grad():
            for name, (l1, l2, _) in penalties.items():
                p = parameters[name]
                cost += (0.5 * l2 * (p**2).sum() + l1 * p.abs().sum()).item()
                p.grad += l2 * p + l1 * p.sign()
        losses.append(loss.item())
        costs.append(cost)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step(lambda: loss)
        with torch.no_grad():
            for name, (_, _, limit) in penalties.items():
                p = parameters[name]
                norms = p.flatten(0, -2).norm(dim=0) if p.dim() > 1 else p.abs()
                p *= (limit / norms).clamp(max=1)
        if each_step or (step + 1) % steps_per_epoch == 0:
            scheduler.step()
    network.training = False
    return {
        "start": start,
        "gradient": gradient,
        "losses": losses,
        "costs": costs,
        "rates": rates,
        "end": flat({**parameters, **network.states}),
        "tested": loss_of(config["loss"], network(x), answers).item(),
    }


def plateau(patience, factor, losses):
    """The factor on the rate after each epoch."""
    optimizer = optim.SGD([torch.zeros(1)], 1.0)
    scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience, factor=factor)
    factors = []
    for loss in losses:
        scheduler.step(loss)
        factors.append(optimizer.param_groups[0]["lr"])
    return {"patience": patience, "factor": factor, "losses": losses, "factors": factors}
