import { type Relay, startRelay } from './relay.ts';

/** A way to a server on this machine that counts what goes through it. */
export interface CountingProxy extends Relay {
  /** Bytes in both directions since this was last asked. */
  taken(): number;
}

/** Starts a way to `host`, such as `127.0.0.1:5000`. */
export async function startCountingProxy(host: string): Promise<CountingProxy> {
  let bytes = 0;
  const relay = await startRelay(host, { onBytes: (count) => (bytes += count) });
  return {
    ...relay,
    taken() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}
