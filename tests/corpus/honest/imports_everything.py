from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def affine(x: Tensor, *, unused: Any = None) -> Tensor:
    return F.linear(x[..., None], torch.full((1, 1), 2.0), torch.ones(1))[..., 0]
