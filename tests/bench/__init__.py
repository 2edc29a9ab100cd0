"""Speed and memory, always as ratios against something run beside it in the same call."""
