def bins(xs, step):
    per = round(1 / step)
    edges = [math.floor(x * per) / per for x in xs]
    return {edge: edges.count(edge) for edge in edges}
