from torch.utils.data import DataLoader, TensorDataset


def batches(x, n):
    return list(DataLoader(TensorDataset(x), n, shuffle=True))
