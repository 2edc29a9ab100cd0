def extremes(x):
    return {"min": x.min(), "max": x.max(), "mean": x.mean()}
