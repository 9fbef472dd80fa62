import { createServer } from 'node:net';
import { Failure } from '@nx-debian-image/report';

/** Fails as `busy` where some of these ports of 127.0.0.1 cannot be listened on, naming them all; 0 stands for any. */
export async function requirePorts(ports: readonly number[], hint: string): Promise<void> {
  const taken: number[] = [];
  for (const port of new Set(ports)) if (port !== 0 && !(await isFree(port))) taken.push(port);
  if (taken.length === 0) return;
  const words = taken.length === 1 ? `port ${taken[0]} of 127.0.0.1 is` : `ports ${taken.join(', ')} of 127.0.0.1 are`;
  throw new Failure('busy', `${words} taken, or not for this user`, { hint });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
