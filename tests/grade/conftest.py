"""torch, loaded once for all tests of this room, with the one thing it says about itself."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # It misses numpy, which nothing here needs, while it is imported.
    warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
    import torch

    # An optimizer's first step would import it, in every child anew.
    import torch._dynamo

torch.set_num_threads(1)
