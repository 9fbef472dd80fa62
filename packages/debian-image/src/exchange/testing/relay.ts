import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Transform } from 'node:stream';

/** A way to a server on this machine. */
export interface Relay {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  stop(): Promise<void>;
}

export interface RelayOptions {
  /** Hears of all bytes, in both directions. */
  readonly onBytes?: (count: number) => void;
  /** What all that comes back on a connection goes through. */
  readonly back?: () => Transform;
}

/** Starts a way to `host`, such as `127.0.0.1:5000`. */
export async function startRelay(host: string, { onBytes, back }: RelayOptions): Promise<Relay> {
  const { hostname, port } = new URL(`http://${host}`);
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket, through?: Transform): void => {
    sockets.add(from);
    from.on('data', (chunk: Buffer) => onBytes?.(chunk.length));
    from.on('error', () => to.destroy());
    from.on('close', () => sockets.delete(from));
    (through === undefined ? from : from.pipe(through)).pipe(to);
  };
  const server = createServer((inside) => {
    const outside = connect(Number(port), hostname);
    pass(inside, outside);
    pass(outside, inside, back?.());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
