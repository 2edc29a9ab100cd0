class Stack(list):
    push = list.append

    def pop(self, index=0):
        return super().pop(index)
