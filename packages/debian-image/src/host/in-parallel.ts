/**
 * Does some work for each item, at most so many at once, and gives the results in the order of the items. After a failure nothing more is
 * begun; it is told once all that has begun has ended.
 */
export async function inParallel<Item, Done>(most: number, items: Iterable<Item>, work: (item: Item) => Promise<Done>): Promise<Done[]> {
  const done: Done[] = [];
  const queue = [...items].entries();
  let isFailed = false;
  const next = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isFailed) return;
      done[index] = await work(item);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: most }, () =>
      next().catch((error: unknown) => {
        isFailed = true;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return done;
}
