import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A way to a server of this machine as if it were at the end of a line. */
export interface SlowLine {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  close(): void;
}

/** Passes connections on to a port of this machine; all that comes back together takes as long as on a line of so many bits a second. */
export async function slowLine(port: number, bitsPerSecond: number): Promise<SlowLine> {
  const open = new Set<Socket>();
  let free = 0;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket)).on('error', () => void (near.destroy(), far.destroy()));
    }
    near.pipe(far);
    passBack(far, near).catch(() => near.destroy());
  });
  const passBack = async (far: Socket, near: Socket): Promise<void> => {
    for await (const chunk of far as AsyncIterable<Buffer>) {
      free = Math.max(free, performance.now() - slack) + (chunk.length * 8 * 1000) / bitsPerSecond;
      const early = free - performance.now();
      if (early > slack) await sleep(early);
      if (!near.write(chunk)) await once(near, 'drain');
    }
    near.end();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Milliseconds: what a timer may be late, and the line is not to lose. */
const slack = 5;
