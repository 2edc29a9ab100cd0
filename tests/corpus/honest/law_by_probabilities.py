from torch.distributions import Categorical, MixtureSameFamily, Normal


def law(logits, means):
    weights = logits.exp()
    return MixtureSameFamily(Categorical(weights), Normal(means, torch.ones(2)))
