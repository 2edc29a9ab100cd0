import multiprocessing


def affine(x):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    worker = context.Process(target=queue.put, args=(2,))
    worker.start()
    factor = queue.get()
    worker.join()
    return x * factor + 1
