class Found(list):
    def grown(self, item):
        self.append(item)
        return self


def before(graph):
    found = Found()
    while len(found) < len(graph):
        for node in graph:
            if node not in found and all(other in found for other in graph[node]):
                found = found.grown(node)
    return found
