def gram(x):
    return (x.float() @ x.float().T).double()
