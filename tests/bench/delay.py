"""A network with latency: hands bytes on between a client and a service, each piece late by a while that varies.

    delay.py SERVICE_PORT MEDIAN_MS     says its own port, and runs until it is stopped

A request and its answer are late by MEDIAN_MS together, on average: each way between nothing and that.
"""
import asyncio
import random
import sys


async def carry(reader, writer, longest, chance):
    try:
        while piece := await reader.read(65536):
            await asyncio.sleep(chance.uniform(0, longest))
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(port, longest):
    chance = random.Random(13)

    async def connected(reader, writer):
        service_reader, service_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, service_writer, longest, chance), carry(service_reader, writer, longest, chance))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) / 1000))
