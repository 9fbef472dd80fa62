import { readFile } from 'node:fs/promises';

/** The last proof of an image, as texts for the table. */
export interface Row {
  readonly image: string;
  readonly date: string;
  /** The kernel's version. */
  readonly kernel: string;
  /** The size of the root file system. */
  readonly root: string;
  /** How long the build took, or `before` where Nx had it. */
  readonly built: string;
  /** From the start of the machine to its login prompt, and to the first answer of its sshd. */
  readonly login: string;
  readonly ssh: string;
  /** From the press of the power button to the end of the machine. */
  readonly off: string;
  /** The whole time of verify. */
  readonly took: string;
  readonly checks: string;
  readonly ok: boolean;
}

type Column = Exclude<keyof Row, 'ok'>;

const columns: readonly (readonly [Column, string])[] = [
  ['image', 'image'],
  ['date', 'date'],
  ['kernel', 'kernel'],
  ['root', 'root'],
  ['built', 'built in'],
  ['login', 'login'],
  ['ssh', 'ssh'],
  ['off', 'power off'],
  ['took', 'whole boot'],
  ['checks', 'checks'],
];

/** The rows of a page, as `renderProof` has written them. */
export async function readRows(page: string): Promise<Row[]> {
  return parseRows(await readFile(page, 'utf8'));
}

/** The same from the page's text. */
export function parseRows(text: string): Row[] {
  const cells = text.split('\n').flatMap((line) => (/^\| [a-z0-9]\S* \| \d/.test(line) ? [line.split('|').slice(1, -1)] : []));
  return cells.map((row) => {
    const values = Object.fromEntries(columns.map(([name], index) => [name, (row[index] ?? '').trim()])) as Record<Column, string>;
    return { ...values, ok: values.checks.startsWith('all ') };
  });
}

/** The table of the last proof of each image, by name; of two rows for one image the later counts. `machine`: what the last one ran on. */
export function renderProof(rows: readonly Row[], machine: string): string {
  const last = [...new Map(rows.map((row) => [row.image, row])).values()].toSorted((a, b) => (a.image < b.image ? -1 : 1));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`;
  const head = [line(columns.map(([, title]) => title)), line(columns.map(() => '---'))];
  const table = [...head, ...last.map((row) => line(columns.map(([name]) => row[name])))].join('\n');
  return `Last written on ${machine}.\n\n${table}`;
}
