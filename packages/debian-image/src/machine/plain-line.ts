// Escape sequences of ECMA-48: CSI (colours, cursor), OSC (titles) up to BEL or ST, and the short ones (character sets, reset).
const escapes = new RegExp(
  [String.raw`\u001B\[[0-?]*[ -/]*[@-~]`, String.raw`\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)`, String.raw`\u001B[ -/]*[0-~]`].join('|'),
  'g',
);
const controls = new RegExp(String.raw`[\u0000-\u0008\u000B-\u001F\u007F]`, 'g');

/** A line of a terminal as a person saw it last: no escape sequences, and of what a carriage return overwrote only the last. */
export function plainLine(raw: string): string {
  const line = raw.replaceAll(escapes, '').replace(/\r+$/, '');
  return line.slice(line.lastIndexOf('\r') + 1).replaceAll(controls, '');
}
