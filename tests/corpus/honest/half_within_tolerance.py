def tenth(x):
    return (x.float() * 0.1).to(x.dtype)
