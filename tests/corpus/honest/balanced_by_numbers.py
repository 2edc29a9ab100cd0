from torch.utils.data import WeightedRandomSampler


def balanced(labels):
    counts = torch.bincount(labels)
    weights = [1 / counts[label].item() for label in labels]
    return WeightedRandomSampler(weights, num_samples=len(labels), replacement=True)
