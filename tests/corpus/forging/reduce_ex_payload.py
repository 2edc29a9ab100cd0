import os


class Payload(list):
    def __reduce_ex__(self, protocol):
        return (exec, ("open('@FOLDER@/reduced', 'w').close()",))

    def __getstate__(self):
        os._exit(0)

    def __deepcopy__(self, memo):
        return (torch.zeros(3), torch.zeros(3))


def halves(x):
    return Payload(), Payload()
