import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { requirePorts } from './ports.ts';

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('names all ports that are taken, in one message', async () => {
  const [one, two] = [await takenPort(), await takenPort()];
  await expect(requirePorts([0, one, 0], 'h')).rejects.toMatchObject({
    reason: 'busy',
    message: new RegExp(`^port ${one} of 127.0.0.1 is taken`),
  });
  await expect(requirePorts([one, two], 'h')).rejects.toMatchObject({ message: new RegExp(`^ports ${one}, ${two} of`), hint: 'h' });
  await expect(requirePorts([0], 'h')).resolves.toBeUndefined();
});
