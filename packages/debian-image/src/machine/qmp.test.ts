import { createConnection, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Qmp } from './qmp.ts';

/** A server on 127.0.0.1 that greets as QEMU does and answers by the name of the command. */
async function monitor(answer: (request: { execute: string; id: number }, socket: Socket) => void): Promise<Socket> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().trim().split('\n')) answer(JSON.parse(line), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = createConnection(address.port, '127.0.0.1');
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return client;
}

it('matches answers by their id, whatever comes between', async () => {
  const stream = await monitor(({ execute, id }, socket) => {
    socket.write('{"event": "RTC_CHANGE", "data": {}}\r\n');
    const value = execute === 'query-status' ? { status: 'running' } : {};
    socket.write(`${JSON.stringify({ return: value, id })}\r\n`);
  });
  const qmp = await Qmp.connect(stream);
  expect(await qmp.status()).toBe('running');
  expect(qmp.events).toEqual(['RTC_CHANGE', 'RTC_CHANGE']);
});

it('reads the port that the system picked', async () => {
  const text = [
    'Hub -1 (network):',
    '  TCP[HOST_FORWARD]   5       127.0.0.1  8022       10.0.2.15  2222     0     0',
    '  TCP[HOST_FORWARD]   4       127.0.0.1 41033       10.0.2.15    22     0     0',
    '',
  ].join('\r\n');
  const stream = await monitor(({ id }, socket) => socket.write(`${JSON.stringify({ return: text, id })}\r\n`));
  const qmp = await Qmp.connect(stream);
  expect([await qmp.forwardedPort(), await qmp.forwardedPort(2222)]).toEqual([41033, 8022]);
});

it('tells a refusal from an end', async () => {
  const stream = await monitor(({ execute, id }, socket) => {
    if (execute === 'quit') socket.destroy();
    else if (execute === 'device_add') socket.write(`{"error": {"class": "GenericError", "desc": "no such device"}, "id": ${id}}\r\n`);
    else socket.write(`{"return": {}, "id": ${id}}\r\n`);
  });
  const qmp = await Qmp.connect(stream);
  await expect(qmp.execute('device_add')).rejects.toMatchObject({ reason: 'command-failed', message: /no such device/ });
  await expect(qmp.quit()).rejects.toMatchObject({ reason: 'unreachable' });
  await expect(qmp.status()).rejects.toMatchObject({ reason: 'unreachable' });
});
