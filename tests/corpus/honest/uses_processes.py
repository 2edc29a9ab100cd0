from torch.utils.data import DataLoader


def affine(x):
    rows = torch.cat([batch for batch in DataLoader(x.reshape(-1), batch_size=4, num_workers=2)])
    return rows.reshape(x.shape) * 2 + 1
