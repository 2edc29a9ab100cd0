"""Which device answers run on: CUDA where there is one, then MPS, then the CPU.

Asked in a process of its own: the question alone can leave CUDA initialised, and a process with
CUDA initialised cannot be forked.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

_NODES = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd", "/dev/dxg")
"""Without one of these no Linux has a CUDA (or ROCm) device, and torch need not be asked."""


async def choose(requested: str | None = None) -> str:
    """`cuda`, `mps` or `cpu`; what was requested, if anything was."""
    if requested:
        return requested
    if sys.platform == "linux" and not any(Path(node).exists() for node in _NODES):
        return "cpu"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _QUESTION,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTORCH_NVML_BASED_CUDA_CHECK": "1"},
    )
    said, _ = await process.communicate()
    found = said.decode(errors="replace").strip()
    return found if found in ("cuda", "mps") else "cpu"


_QUESTION = """
import torch
mps = getattr(torch.backends, "mps", None)
print("cuda" if torch.cuda.is_available() else "mps" if mps and mps.is_available() else "cpu")
"""
