import { Transform } from 'node:stream';
import { type Relay, startRelay } from '../../packages/debian-image/src/exchange/testing/relay.ts';

/** A way to a server of this machine as if it were at the end of a line: all that comes back together takes as long as at so many bits a second. */
export function slowLine(host: string, bitsPerSecond: number): Promise<Relay> {
  let free = 0;
  const back = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        free = Math.max(free, performance.now() - slack) + (chunk.length * 8 * 1000) / bitsPerSecond;
        const early = free - performance.now();
        if (early > slack) setTimeout(done, early, null, chunk);
        else done(null, chunk);
      },
    });
  return startRelay(host, { back });
}

/** Milliseconds: what a timer may be late, and the line is not to lose. */
const slack = 5;
