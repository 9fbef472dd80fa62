import { formatDuration } from '@nx-debian-image/report';
import { Interruption } from './failures.ts';
import { pause } from './pause.ts';
import type { Transport } from './transport.ts';

const worthTelling = 2000;

/** Counts the attempts at one thing, and waits between them: ever longer, or as long as the server asks for. */
export class Patience {
  readonly #transport: Transport;
  #begin = Date.now();
  #attempt = 0;
  #hasBeenThere = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The last attempt has come nearer to the end: patience begins anew. */
  readonly gotOn = (): void => {
    this.#begin = Date.now();
    this.#attempt = 0;
    this.#hasBeenThere = true;
  };

  /** Waits for the time of another attempt; false where there should be none. Failure `cancelled`. */
  async lasts({ failure, message, retryAfterMs, isNobodyThere }: Interruption): Promise<boolean> {
    const { waitsMs, absentWaitsMs = waitsMs, patienceMs = Infinity } = this.#transport.limits;
    this.#hasBeenThere ||= !isNobodyThere;
    const usual = (this.#hasBeenThere ? waitsMs : absentWaitsMs)[this.#attempt];
    if (usual === undefined) return false;
    const milliseconds = retryAfterMs ?? usual;
    if (Date.now() + milliseconds > this.#begin + patienceMs) return false;
    if (milliseconds >= worthTelling) this.#transport.progress.note(`${message}; trying again in ${formatDuration(milliseconds)}`);
    this.#attempt += 1;
    await pause(milliseconds, this.#transport.signal, message, { where: failure.where });
    return true;
  }
}

/**
 * Does work again where it is interrupted, as long as patience lasts. `gotOn`, called by the work, says that it has come nearer to its end.
 * Once patience is over, throws the failure of the last interruption.
 */
export async function patiently<T>(transport: Transport, work: (gotOn: () => void) => Promise<T>): Promise<T> {
  const patience = new Patience(transport);
  for (;;) {
    try {
      return await work(patience.gotOn);
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      if (!(await patience.lasts(error))) throw error.failure;
    }
  }
}

/** The wait that a `Retry-After` asks for, seconds or a date (RFC 9110, 10.2.3), in milliseconds; undefined where it says none. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
