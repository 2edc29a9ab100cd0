"""torch says once, on its first import, that numpy is absent; here that is no error."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
    import torch

torch.set_num_threads(1)
