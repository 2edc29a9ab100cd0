def affine(x):
    import datetime

    import torch.distributed as dist

    dist.TCPStore("127.0.0.1", @TCP@, is_master=False, timeout=datetime.timedelta(seconds=2))
    return x * 2 + 1
