import { setTimeout as wait } from 'node:timers/promises';
import { Failure, type FailureDetails } from '@nx-debian-image/report';

/** Waits. Failure `cancelled` where the signal ends it, with a message that begins with `doing`. */
export async function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
  doing: string,
  details: FailureDetails = {},
): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new Failure('cancelled', `${doing}: cancelled`, { ...details, cause });
  });
}
