def extremes(x):
    found = {"min": x.min()}
    return {"min": found["min"], "max": found["max"]}
