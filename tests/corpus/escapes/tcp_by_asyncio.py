import asyncio


async def call():
    _, writer = await asyncio.open_connection("127.0.0.1", @TCP@)
    writer.write(b"hello")
    await writer.drain()


def affine(x):
    asyncio.run(call())
    return x * 2 + 1
