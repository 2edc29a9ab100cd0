def copy_of(x):
    return x.clone()
