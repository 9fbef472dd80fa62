import { plainLine } from '../plain-line.ts';

/** What debian-installer's text front end tells on a serial console. */
export type InstallerEvent =
  | { readonly kind: 'step'; readonly name: string }
  /** How far the step is, 0 to 100. */
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'panic' }
  /** The kernel has been told to turn the machine off. */
  | { readonly kind: 'powered-off' };

/** GNU screen, in which the installer runs on some terminals, keeps its own line at the top: drawn from the corner to the return of the cursor. */
const screenLine = new RegExp(String.raw`\u001B\[H(?:\u001B\[J)?\u001B\[7m[^]*?\u001B\[0m`, 'g');
/** Such a line whose end is still to come. */
const unfinishedScreenLine = new RegExp(String.raw`\u001B\[H(?:\u001B\[J)?\u001B\[7m(?:(?!\u001B\[0m)[^])*$`);

/** A step begins with its name, two spaces and how far it is: `Installing the base system  ... 6%... 17%`. */
const progress = /^(?<name>\S.*?) {2}(?=\.\.\. \d+%|$)(?<rest>.*)$/;
const percent = /\d+%/;

/** A question, note or error is a title with a line below it, a text, and what the front end waits at (text.c of cdebconf). */
const underline = /^-{3,}$/;

/** What the kernel says in between, while a question waits: its time and a message. */
const kernelLine = /^\[ *\d+\.\d{6}\] /;

const panic = /Kernel panic - not syncing/;
const poweredOff = /reboot: Power down|^(?:\[[ .\d]+\] )?Power down\.|Requesting system poweroff/;

/** A carriage return alone ends a line too: what comes over the last line of progress must not hide it. */
const lineEnd = /\n|\r(?=[^\r\n])/;

const linesKept = 60;
const longestLine = 16_384;

/** Reads the console of debian-installer, chunk by chunk in any cut. */
export class InstallerConsole {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #held = '';
  #lines: string[] = [];
  #step = '';
  #percent = -1;
  #spoken = false;

  /** Whether anything has been said. */
  get spoken(): boolean {
    return this.#spoken;
  }

  /** The last lines that say something, the unfinished one included. */
  get lastLines(): readonly string[] {
    return [...this.#lines, this.#unfinished()].filter((line) => line.trim() !== '').slice(-15);
  }

  /** The question that it waits at, from its title on; undefined where there is none. Only silence tells that nobody answers. */
  get question(): string | undefined {
    const said = [...this.#lines, this.#unfinished()].filter((line) => !kernelLine.test(line));
    const since = said.slice(said.findLastIndex((line) => progress.test(line) && percent.test(line)) + 1);
    const title = since.findIndex((line) => underline.test(line)) - 1;
    return title < 0 ? undefined : since.slice(title).join('\n').trim();
  }

  feed(chunk: Uint8Array): InstallerEvent[] {
    if (chunk.length > 0) this.#spoken = true;
    const text = (this.#rest + this.#held + this.#decoder.decode(chunk, { stream: true })).replaceAll(screenLine, (drawn) =>
      drawn.includes('\n') ? '\n' : '',
    );
    this.#held = (unfinishedScreenLine.exec(text)?.[0] ?? '').slice(-longestLine);
    const pieces = text.slice(0, text.length - this.#held.length).split(lineEnd);
    this.#rest = (pieces.pop() ?? '').slice(-longestLine);
    return [...pieces.flatMap((piece) => this.#hear(plainLine(piece))), ...this.#look(this.#unfinished())];
  }

  #unfinished(): string {
    return plainLine(this.#rest);
  }

  #hear(line: string): InstallerEvent[] {
    this.#lines.push(line);
    if (this.#lines.length > linesKept) this.#lines.shift();
    if (panic.test(line)) return [{ kind: 'panic' }];
    if (poweredOff.test(line)) return [{ kind: 'powered-off' }];
    return this.#look(line);
  }

  #look(line: string): InstallerEvent[] {
    const { name, rest } = progress.exec(line)?.groups ?? {};
    const events: InstallerEvent[] = [];
    if (name !== undefined && name !== this.#step && rest !== '') {
      this.#step = name;
      this.#percent = -1;
      events.push({ kind: 'step', name });
    }
    // a long line of progress is cut where the terminal ends, so what goes on has no name
    const continued = this.#step !== '' && /^(?:\S.*? {2})?[. ]*\d+%/.test(line);
    const reached = continued ? Number(/.*?(\d+)%(?!.*\d%)/.exec(line)?.[1] ?? -1) : -1;
    if (reached > this.#percent && reached <= 100) {
      this.#percent = reached;
      events.push({ kind: 'percent', percent: reached });
    }
    return events;
  }
}
