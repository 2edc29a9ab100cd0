import torch.utils.data as data


def batches(x, n):
    held = data.TensorDataset(x)
    torch.rand(3)
    return data.DataLoader(held, n, sampler=data.RandomSampler(held))
