/** A function that collects what it is asked within one turn of the event loop, and has all of it answered at once, in the same order. */
export function together<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let questions: Question[] = [];
  let answers: Promise<readonly Answer[]> | undefined;
  return async (question) => {
    const index = questions.push(question) - 1;
    answers ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const asked = questions;
        [questions, answers] = [[], undefined];
        answer(asked).then(resolve, reject);
      });
    });
    return (await answers)[index]!;
  };
}
