def halves(x):
    n = len(x) // 2
    return x[:n].to("meta"), x[n:].to("meta")
