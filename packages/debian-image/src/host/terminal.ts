import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

/** The terminal of the person at this process. */
export interface PersonTerminal {
  readonly input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  readonly output: { write(bytes: string | Uint8Array): unknown };
  readonly close: () => void;
}

/**
 * The person's terminal; undefined where standard input is none. What is written goes there itself: standard output may be a pipe to Nx, which
 * waits for whole lines.
 */
export function openTerminal(): PersonTerminal | undefined {
  if (!process.stdin.isTTY) return undefined;
  try {
    const input = new ReadStream(openSync('/dev/tty', 'r'));
    const output = new WriteStream(openSync('/dev/tty', 'w'));
    return { input, output, close: () => void (input.destroy(), output.destroy()) };
  } catch {
    return undefined;
  }
}

/** Ctrl-], by which virsh console and telnet are left too. */
const escape = 0x1d;

/**
 * Gives each key to `onKeys` as it is typed, Ctrl-C too, until the escape comes, which is told to `onEscape`. What it gives back makes the
 * terminal what it was.
 */
export function readKeys(
  { input }: Pick<PersonTerminal, 'input'>,
  { onKeys, onEscape }: { readonly onKeys: (bytes: Buffer) => void; readonly onEscape: () => void },
): () => void {
  const hear = (bytes: Buffer): void => {
    const end = bytes.indexOf(escape);
    const keys = end === -1 ? bytes : bytes.subarray(0, end);
    if (keys.length > 0) onKeys(keys);
    if (end !== -1) onEscape();
  };
  input.setRawMode(true);
  input.on('data', hear);
  input.resume();
  return () => {
    input.off('data', hear);
    input.pause();
    input.setRawMode(false);
  };
}
