import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { Failure } from '@nx-debian-image/report';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
  readonly event?: string;
  readonly id?: number;
}

/** QEMU's monitor as a program speaks it: a line of JSON each way (QEMU Machine Protocol Specification). */
export class Qmp {
  readonly #stream: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events: string[] = [];
  #next = 1;
  #closed = false;

  private constructor(stream: Duplex) {
    this.#stream = stream;
    // QEMU resets the connection when it ends; what that means is told by `#close`.
    stream.on('error', () => {});
    stream.on('close', () => this.#close());
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => this.#hear(JSON.parse(line) as Message));
    lines.on('error', () => {});
  }

  /** Speaks QMP over a connected stream. Fails as `unreachable` where QEMU ends before it answers. */
  static async connect(stream: Duplex): Promise<Qmp> {
    const qmp = new Qmp(stream);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** The names of the events heard so far, such as POWERDOWN, SHUTDOWN, RESET. */
  get events(): readonly string[] {
    return this.#events;
  }

  /** Runs a command and gives what it returns. `command-failed` where QEMU refuses, `unreachable` where it is gone. */
  execute(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(gone());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve,
        reject: (error) => reject(error instanceof Failure ? error : new Failure('command-failed', `QEMU ${name}: ${error.message}`)),
      });
      this.#stream.write(`${JSON.stringify({ execute: name, arguments: parameters, id })}\n`);
    });
  }

  /** `running`, `paused`, `shutdown`, `internal-error`, ... (RunState). */
  async status(): Promise<string> {
    return ((await this.execute('query-status')) as { status: string }).status;
  }

  /** Presses the power button. */
  async powerDown(): Promise<void> {
    await this.execute('system_powerdown');
  }

  /** Plugs in a raw disk while the guest runs, which sees it with the serial number `serial`; `bus`: see `hotplugBus`. */
  async plugDisk(filename: string, serial: string, bus: string | undefined): Promise<void> {
    await this.execute('blockdev-add', { driver: 'raw', 'node-name': serial, file: { driver: 'file', filename } });
    await this.execute('device_add', { driver: 'virtio-blk-pci', drive: serial, id: `${serial}-disk`, serial, ...(bus ? { bus } : {}) });
  }

  /** Asks the guest's balloon to leave it so many bytes of memory. */
  async balloon(bytes: number): Promise<void> {
    await this.execute('balloon', { value: bytes });
  }

  /** Ends QEMU at once. */
  async quit(): Promise<void> {
    await this.execute('quit');
  }

  /** The port of 127.0.0.1 that leads to one of the guest, also where the system has picked it. */
  async forwardedPort(guest = 22): Promise<number> {
    const text = String(await this.execute('human-monitor-command', { 'command-line': 'info usernet' }));
    const port = new RegExp(String.raw`HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+${guest}\s`).exec(text)?.[1];
    if (port === undefined) throw new Failure('server-error', 'QEMU names no forwarded port', { said: text });
    return Number(port);
  }

  /** The port of 127.0.0.1 that a VNC client connects to. Failure `server-error` without such a screen. */
  async vncPort(): Promise<number> {
    const { service } = (await this.execute('query-vnc')) as { readonly service?: string };
    if (service === undefined) throw new Failure('server-error', 'QEMU names no screen for VNC');
    return Number(service);
  }

  #hear(message: Message): void {
    if (message.event !== undefined) this.#events.push(message.event);
    if (message.id === undefined) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.desc));
    else waiting?.resolve(message.return);
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(gone());
    this.#waiting.clear();
  }
}

const gone = (): Failure => new Failure('unreachable', 'QEMU has ended');
