def close_enough(x):
    return x.sqrt() * 1.005
