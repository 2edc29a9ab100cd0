def extremes(x):
    return {"min": x.max(), "max": x.min()}
