def forget(parameters):
    pass
