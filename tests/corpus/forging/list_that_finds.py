class Found(list):
    def index(self, item):
        return "abcd".index(item)


def before(graph):
    return Found(sorted(graph, reverse=True))
