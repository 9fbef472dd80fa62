/** How many blobs are on their way at once: while one is compressed another one is sent. */
const workers = 2;

/** Does some work for each item, a few at once; the first failure is told once all that has begun has ended. */
export async function inParallel<Item, Done>(items: readonly Item[], work: (item: Item) => Promise<Done>): Promise<Done[]> {
  const done: Done[] = [];
  const queue = [...items.entries()];
  const next = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) done[entry[0]] = await work(entry[1]);
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: workers }, async () =>
      next().catch((error: unknown) => {
        queue.length = 0;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return done;
}
