import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to a server on this machine that counts what goes through it. */
export interface CountingProxy {
  readonly host: string;
  /** Bytes in both directions since this was last asked. */
  taken(): number;
  stop(): Promise<void>;
}

/** Starts a way to `host`, such as `127.0.0.1:5000`. */
export async function startCountingProxy(host: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(`http://${host}`);
  let bytes = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((inside) => {
    const outside = connect(Number(port), hostname);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => (bytes += chunk.length));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
