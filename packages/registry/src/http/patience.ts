import { setTimeout as wait } from 'node:timers/promises';
import { Failure, formatDuration } from '@nx-debian-image/report';
import { Interruption } from './failures.ts';
import type { Transport } from './transport.ts';

const worthTelling = 2000;

/**
 * Does work again where it is interrupted, with growing waits or those that the server asks for. `gotOn`, called by the work, says that
 * it has come nearer to its end: patience begins anew. Once patience is over, throws the failure of the last interruption.
 */
export async function patiently<T>(transport: Transport, work: (gotOn: () => void) => Promise<T>): Promise<T> {
  const { waitsMs, patienceMs } = transport.limits;
  let begin = Date.now();
  let attempt = 0;
  let hasBeenThere = false;
  const gotOn = (): void => {
    begin = Date.now();
    attempt = 0;
    hasBeenThere = true;
  };
  for (;;) {
    try {
      return await work(gotOn);
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      hasBeenThere ||= !error.isNobodyThere;
      // Where nobody has ever been there, a second look is enough.
      const usual = hasBeenThere || attempt === 0 ? waitsMs[attempt] : undefined;
      if (usual === undefined) throw error.failure;
      const pause = error.retryAfterMs ?? usual;
      if (Date.now() + pause > begin + patienceMs) throw error.failure;
      if (pause >= worthTelling) transport.progress.note(`${error.message}; trying again in ${formatDuration(pause)}`);
      attempt += 1;
      await pauseFor(pause, transport.signal, error.failure);
    }
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal, { message, where }: Failure): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new Failure('cancelled', `${message}: cancelled`, { cause, ...(where === undefined ? {} : { where }) });
  });
}

/** The wait that a `Retry-After` asks for, seconds or a date (RFC 9110, 10.2.3), in milliseconds; undefined where it says none. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
