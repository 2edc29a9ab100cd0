def soft(x):
    return (x - x.logsumexp(1, keepdim=True)).exp()
