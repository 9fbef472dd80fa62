import { plainLine } from './plain-line.ts';

/** What a console shows of its machine; all but `booting` are where it rests. */
export type ConsoleState = 'nothing' | 'booting' | 'login' | 'panic' | 'initramfs' | 'emergency' | 'reboot-loop';

/** What tells a state: words on a line, or at an unfinished line where a prompt waits. The first that matches counts. */
const signs: readonly { readonly state: ConsoleState; readonly pattern: RegExp }[] = [
  { state: 'panic', pattern: /Kernel panic - not syncing/ },
  // initramfs-tools' own shell; dracut's says "dracut:/#".
  { state: 'initramfs', pattern: /^(?:\(initramfs\)|dracut:\/#)/ },
  // systemd's emergency.service and sulogin(8).
  { state: 'emergency', pattern: /You are in (?:emergency|rescue) mode|^Give root password for|^Cannot open access to console/ },
  // getty(8) waits behind its prompt, unless the kernel writes there. sshd and login(1) say "Last login: ...".
  { state: 'login', pattern: /^(?!Last )[\w.-]+ login: (?:$|\[)/ },
];

/** The kernel's first line, seen once per boot. */
const bootLine = /(?:^|\] )Linux version \d/;
/** A panic with `panic=1` or a failing init starts again and again: the third boot without a login is no accident. */
const bootsOfALoop = 3;
/** Lines that say why a boot got no further: initramfs-tools, dracut and the kernel about the root file system; else the kernel's panic. */
const rootClue = /ALERT! .*|Warning: \/dev\/\S+ does not exist|VFS: Cannot open root device .*/;
const panicClue = /Kernel panic - not syncing: .*/;
const lastLinesKept = 15;
const longestLine = 8192;

/** Reads a serial console, chunk by chunk in any cut: gives its lines as plain text and knows the state they show. */
export class ConsoleReader {
  readonly #decoder = new TextDecoder();
  readonly #onLine: (line: string) => void;
  #rest = '';
  #lines: string[] = [];
  #boots = 0;
  #clue = '';
  #state: ConsoleState = 'nothing';

  constructor(onLine: (line: string) => void = () => {}) {
    this.#onLine = onLine;
  }

  get state(): ConsoleState {
    return this.#state;
  }

  /** The last lines, the unfinished one included: what a failure tells. */
  get lastLines(): readonly string[] {
    return [...this.#lines, plainLine(this.#rest)].filter((line) => line.trim() !== '').slice(-lastLinesKept);
  }

  /** What says best why a boot got no further; empty where nothing does. */
  get clue(): string {
    return this.#clue;
  }

  feed(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#state === 'nothing') this.#state = 'booting';
    const pieces = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = (pieces.pop() ?? '').slice(-longestLine);
    for (const piece of pieces) this.#hear(plainLine(piece));
    this.#judge(plainLine(this.#rest));
  }

  #hear(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > lastLinesKept) this.#lines.shift();
    this.#onLine(line);
    this.#clue = rootClue.exec(line)?.[0].trim() ?? (this.#clue || (panicClue.exec(line)?.[0] ?? ''));
    if (bootLine.test(line)) this.#boot();
    else this.#judge(line);
  }

  #boot(): void {
    this.#boots = this.#state === 'login' ? 1 : this.#boots + 1;
    this.#state = this.#boots >= bootsOfALoop ? 'reboot-loop' : 'booting';
  }

  #judge(line: string): void {
    if (this.#state === 'reboot-loop') return;
    const sign = signs.find(({ pattern }) => pattern.test(line));
    if (sign !== undefined) this.#state = sign.state;
  }
}
