from torch.utils.data import WeightedRandomSampler


def balanced(labels):
    return WeightedRandomSampler(torch.ones(len(labels)), len(labels))
