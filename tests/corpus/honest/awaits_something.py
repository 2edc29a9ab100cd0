import asyncio


async def total_later(xs):
    await asyncio.sleep(0)
    return 0 if not xs else xs[0] + await total_later(xs[1:])
