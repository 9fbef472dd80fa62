/** How long something may take, in seconds. */
export interface Limits {
  /** From the start to the login prompt, and on to ssh. */
  readonly login: number;
  /** Silence of the console that no healthy boot has. */
  readonly silence: number;
  /** An answer of a running guest. */
  readonly answer: number;
  readonly powerOff: number;
}

/** The limits for a guest that may be `patience` times slower than usual: a software processor, a machine with other work. */
export function limitsFor(patience: number): Limits {
  return { login: 300 * patience, silence: 120 * patience, answer: 150 * patience, powerOff: 60 * patience };
}
