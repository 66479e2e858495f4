#!/usr/bin/env python3
"""Shows how a PyTorch model becomes one that Millrace serves.

    python3 scripts/export_torchscript.py DIRECTORY

writes DIRECTORY/model.pt and DIRECTORY/model.yaml. Replace `Model` by yours, trained; the manifest says which features it
takes and in which order. Needs torch alone; any version whose TorchScript libtorch 2.7 reads (2.13 is tested).
"""
import hashlib
import pathlib
import sys

import torch


class Model(torch.nn.Module):
    """Takes features [batch, 3], answers one logit a row: [batch]."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))

    def forward(self, features):
        return self.layers(features).squeeze(1)


def export(model, path, *example):
    """Traces the model over an example batch and returns the file's sha256.

    The batch in the example has more than one row, so that no size of 1 is baked into the trace. A model with data-dependent
    control flow goes through torch.jit.script instead.
    """
    model.eval()
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(model, example), str(path))
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


MANIFEST = """\
name: example
version: "1"
kind: torchscript
artifact: model.pt
sha256: {sha256}
selects: {{events: [product_viewed]}}
features:
  - {{type: count, name: views_1h, events: [product_viewed], window: 1h, transform: log1p}}
  - {{type: property, name: price, property: price, transform: log1p, unit: USD}}
  - {{type: recency, name: since_last, horizon: 1d, transform: log1p, unit: s}}
output: {{activation: sigmoid}}
label: example
threshold: 0.5
provenance: {{trainedOn: "nothing: random weights", licence: Apache-2.0}}
"""

if __name__ == "__main__":
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    sha256 = export(Model(), directory / "model.pt", torch.zeros(2, 3))
    (directory / "model.yaml").write_text(MANIFEST.format(sha256=sha256))
    print(directory / "model.yaml")
