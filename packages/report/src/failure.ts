/** Why something failed, as a value that a program can tell apart; each has one meaning everywhere. */
export type Reason =
  /** image.json, a profile or an option does not say what it must. */
  | 'invalid'
  /** Something named by the user does not exist: a package, a script, a cloud, an image. */
  | 'not-found'
  /** A program of this machine, or a right to use it, is missing. */
  | 'missing-tool'
  /** A program or script ended with a status other than 0. */
  | 'command-failed'
  /** A signal ended it: Ctrl-C, kill, Nx stopping its tasks. Never a step to go on from. */
  | 'cancelled'
  /** A server could not be reached, or broke off. */
  | 'unreachable'
  /** A server refused who we are or what we may do: 401, 403. */
  | 'refused'
  /** A server answered something it should not: 5xx, or nonsense. */
  | 'server-error'
  /** A quota or a size limit of a server: 413. */
  | 'over-quota'
  /** A signature does not verify, or its key is unknown. */
  | 'bad-signature'
  /** Bytes are not those that their digest or size promises. */
  | 'bad-digest'
  /** No space left on this machine. */
  | 'no-space'
  /** Another run holds it. */
  | 'busy'
  /** It took longer than its time limit. */
  | 'timeout';

export interface FailureDetails {
  /** Where it comes from: a path in a file (`image.json: users[0].name`), or the command, ready to paste. */
  readonly where?: string;
  /** The last lines that the failing program or server said. */
  readonly said?: string;
  /** What to do about it, as a full sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A failure that a user can cause or mend: told in a few lines, without a stack. Anything else thrown is a bug. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly reason: Reason;
  readonly where: string | undefined;
  readonly said: string | undefined;
  readonly hint: string | undefined;

  constructor(reason: Reason, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.where = details.where;
    this.said = details.said;
    this.hint = details.hint;
  }

  /** The same, with the place that it is seen at. */
  at(where: string): Failure {
    const { reason, message, said, hint } = this;
    return new Failure(reason, message, { where, ...(said ? { said } : {}), ...(hint ? { hint } : {}) });
  }
}

/** The lines a user sees of something thrown: message, where, what was said and the hint of a Failure; the stack of a bug. */
export function describe(error: unknown): string {
  if (!(error instanceof Failure)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `This is a bug in nx-debian-image; please report it with these lines:\n${text}`;
  }
  const lines = [error.message];
  if (error.said)
    lines.push(
      ...error.said
        .trimEnd()
        .split('\n')
        .map((line) => `  | ${line}`),
    );
  if (error.where) lines.push(`  at: ${error.where}`);
  if (error.hint) lines.push(`  hint: ${error.hint}`);
  return lines.join('\n');
}
