class Stack(list):
    push = list.append
    pop = None
