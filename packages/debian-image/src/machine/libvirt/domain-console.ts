import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Failure } from '@nx-debian-image/report';
import { type Command, command, printable } from '../../host/index.ts';
import { type Running, start } from '../spawn.ts';
import { type LibvirtHost, virshCommand } from './host.ts';
import { explainVirsh } from './words.ts';

/** What virsh says before the guest's own words. */
const begin = /Escape character is [^\n]*\n/;
/** What it says where the connection breaks, in the middle of a line too; then it stays. */
const broken = /error: Disconnected from qemu\S* due to .*/;

const tailLength = 4000;

export interface DomainOptions {
  /** The file of the domain XML, here. */
  readonly xml: string;
  readonly consoleLog: string;
  readonly onOutput: (chunk: Buffer) => void;
}

/**
 * A machine on a host with its console, both by one virsh: the host ends the machine where virsh goes away, even by kill -9 of this process
 * (--autodestroy), and the guest only starts once its console is read. virsh has a console on a terminal alone, so script(1) gives it one.
 */
export class DomainConsole {
  readonly #host: LibvirtHost;
  readonly #options: DomainOptions;
  readonly #child: Running;
  readonly #log;
  readonly #ended: Promise<void>;
  #gone = false;
  #begun = false;
  #spoken = false;
  /** What virsh said before the guest, and then the end of what was said. */
  #tail = '';

  constructor(host: LibvirtHost, options: DomainOptions) {
    this.#host = host;
    this.#options = options;
    this.#log = createWriteStream(options.consoleLog);
    const words = ['--quiet', '--return', '--flush', '--command', printable(this.#call()), '/dev/null'];
    this.#child = start(command('setpriv', ['--pdeathsig', 'KILL', '--', 'script', ...words]));
    this.#child.output.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#ended = this.#end();
  }

  /** Whether the machine is gone. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Settles then; never rejects. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Whether the guest has said something. */
  get spoken(): boolean {
    return this.#spoken;
  }

  /** Why there is no machine or no console any more, where virsh says so; undefined for a guest that still runs or ended by itself. */
  failure(): Failure | undefined {
    if (!this.#gone) return undefined;
    const said = this.#begun ? (broken.exec(this.#tail)?.[0] ?? '') : this.#tail.trim() || this.#child.said();
    const doing = this.#begun ? 'installing' : 'starting a machine';
    const call = this.#call();
    if (said === '' && this.#begun) {
      if (this.#spoken) return undefined;
      return new Failure('command-failed', `${doing}: the console of the machine on ${this.#host.connect} closed before it said a word`, {
        where: printable(call),
        hint: 'The log of libvirtd there says why. A lock that a killed libvirtd of another user left is one reason: /run/lock/LCK.._pts_*',
      });
    }
    return (
      explainVirsh(said, doing, this.#host, call) ??
      new Failure('command-failed', `${doing}: the machine on ${this.#host.connect} did not start`, { where: printable(call), said })
    );
  }

  /** Ends the machine, if it still runs, and waits until its console log is whole. */
  async stop(): Promise<void> {
    await this.#child.end();
    await this.#ended;
  }

  async #end(): Promise<void> {
    await this.#child.ended;
    this.#log.end();
    await finished(this.#log);
    this.#gone = true;
  }

  #call(): Command {
    return virshCommand(this.#host, ['create', this.#options.xml, '--console', '--autodestroy']);
  }

  #hear(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString('latin1')).slice(-tailLength);
    if (this.#begun && broken.test(this.#tail)) void this.#child.end();
    if (this.#begun) return this.#pass(chunk);
    const found = begin.exec(this.#tail);
    if (found === null) return;
    this.#begun = true;
    this.#tail = this.#tail.slice(found.index + found[0].length);
    if (this.#tail !== '') this.#pass(Buffer.from(this.#tail, 'latin1'));
  }

  #pass(chunk: Buffer): void {
    // virsh itself ends with an empty line
    this.#spoken ||= /\S/.test(chunk.toString('latin1'));
    this.#log.write(chunk);
    this.#options.onOutput(chunk);
  }
}
