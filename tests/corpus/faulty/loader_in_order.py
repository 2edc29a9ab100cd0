from torch.utils.data import DataLoader, TensorDataset


def batches(x, n):
    return DataLoader(TensorDataset(x), n)
