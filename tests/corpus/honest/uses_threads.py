from concurrent.futures import ThreadPoolExecutor


def affine(x):
    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(lambda row: row * 2 + 1, x))
    return torch.stack(rows)
