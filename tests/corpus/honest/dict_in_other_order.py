def extremes(x):
    return {"max": x.max(), "min": x.min()}
