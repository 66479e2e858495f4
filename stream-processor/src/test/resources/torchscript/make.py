#!/usr/bin/env python3
"""Makes the TorchScript files of this folder, and expected.json: what PyTorch itself answers.

    python3 make.py        (torch 2.13.0, CPU)

Good ones: mlp.pt, lstm.pt, joined.pt. The others are what a scorer must refuse or survive.
"""
import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[4] / "scripts"))
from export_torchscript import export  # noqa: E402


class Mlp(torch.nn.Module):
    """features [n, 4] -> [n]"""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))

    def forward(self, features):
        return self.layers(features).squeeze(1)


class Lstm(torch.nn.Module):
    """sequence [n, 6, 3] -> [n, 1]"""

    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 8, batch_first=True)
        self.head = torch.nn.Linear(8, 1)

    def forward(self, sequence):
        return self.head(self.lstm(sequence)[0][:, -1])


class Joined(torch.nn.Module):
    """features [n, 4] and sequence [n, 6, 3] -> [n, 2], softmax"""

    def __init__(self):
        super().__init__()
        self.gru = torch.nn.GRU(3, 8, batch_first=True)
        self.head = torch.nn.Linear(12, 2)

    def forward(self, features, sequence):
        last = self.gru(sequence)[0][:, -1]
        return torch.softmax(self.head(torch.cat([features, last], 1)), 1)


class Whole(torch.nn.Module):
    """An int64 answer."""

    def forward(self, features):
        return features.sum(1).long()


class Single(torch.nn.Module):
    """One number for the batch."""

    def forward(self, features):
        return features.sum()


class Pair(torch.nn.Module):
    """Two tensors."""

    def forward(self, features):
        return features.sum(1), features.mean(1)


class Logarithm(torch.nn.Module):
    """NaN for a row whose sum is negative."""

    def forward(self, features):
        return torch.log(features.sum(1))


class Picky(torch.nn.Module):
    """Throws for a batch with a value over 100."""

    def forward(self, features):
        if bool(features.max() > 100):
            raise ValueError("a value over 100")
        return features.sum(1)


class Crash(torch.nn.Module):
    """Throws always."""

    def forward(self, features):
        if features.size(0) > 0:
            raise ValueError("it always crashes")
        return features.sum(1)


class Endless(torch.nn.Module):
    """Never answers."""

    def forward(self, features):
        total = features.sum(1)
        while bool(total.size(0) > 0):
            total = total + 1
        return total


def main():
    torch.manual_seed(7)
    generator = torch.Generator().manual_seed(11)
    features = torch.randn(5, 4, generator=generator)
    sequence = torch.randn(5, 6, 3, generator=generator)
    expected = {"features": features.tolist(), "sequence": sequence.tolist()}
    for name, model, inputs in [
        ("mlp", Mlp(), (features,)),
        ("lstm", Lstm(), (sequence,)),
        ("joined", Joined(), (features, sequence)),
    ]:
        export(model, HERE / f"{name}.pt", *inputs)
        with torch.no_grad():
            expected[name] = model(*inputs).tolist()
    for name, model in [
        ("whole", Whole()), ("single", Single()), ("pair", Pair()), ("logarithm", Logarithm()),
        ("picky", Picky()), ("crash", Crash()), ("endless", Endless()),
    ]:
        torch.jit.save(torch.jit.script(model), str(HERE / f"{name}.pt"))
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
