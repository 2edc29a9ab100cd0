import heapq

top = heapq.nlargest(2, numbers)
