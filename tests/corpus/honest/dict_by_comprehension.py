def extremes(x):
    return {name: getattr(x, name)() for name in ("max", "min")}
