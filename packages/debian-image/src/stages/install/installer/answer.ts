/** A line of a preseed file: what a question is answered with before it is asked (debconf-set-selections(1)). */
export interface Answer {
  readonly owner: string;
  readonly question: string;
  readonly type: string;
  readonly value: string;
  /** The field of image.json that decides it, for messages; without one a user's own line may answer otherwise. */
  readonly field?: string;
}

/** An answer to a question of the installer itself. */
export function set(question: string, type: string, value: string, field?: string): Answer {
  return { owner: 'd-i', question, type, value, ...(field === undefined ? {} : { field }) };
}

/** A line as it is written; undefined where it is none. */
export function parseLine(line: string): Answer | undefined {
  const [, owner, question, type, value = ''] = /^(\S+)\s+(\S+)\s+(\S+)(?:\s(.*))?$/.exec(line) ?? [];
  return owner === undefined || question === undefined || type === undefined ? undefined : { owner, question, type, value: value.trim() };
}

/** An answer as a line, with its end. */
export function renderLine({ owner, question, type, value }: Answer): string {
  return `${owner} ${question} ${type}${value === '' ? '' : ` ${value}`}\n`;
}
