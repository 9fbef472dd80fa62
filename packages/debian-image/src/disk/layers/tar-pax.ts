/**
 * The records of a pax extended header (`LENGTH KEY=VALUE\n`), in their order, as strings of bytes (latin1).
 * Undefined where they are not well formed.
 */
export function parsePax(bytes: Buffer): Map<string, string> | undefined {
  const records = new Map<string, string>();
  let position = 0;
  while (position < bytes.length) {
    const space = bytes.indexOf(0x20, position);
    if (space === -1 || space - position > 10) return undefined;
    const digits = bytes.toString('latin1', position, space);
    const end = position + Number(digits);
    if (!/^[0-9]+$/.test(digits) || end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a) return undefined;
    const record = bytes.toString('latin1', space + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals < 1) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    position = end;
  }
  return records;
}

/** Records as the data of a pax extended header; a record's length counts its own digits. */
export function formatPax(records: Iterable<readonly [string, string]>): Buffer {
  const parts: string[] = [];
  for (const [key, value] of records) {
    const rest = ` ${key}=${value}\n`.length;
    let length = rest + String(rest).length;
    if (String(length).length > String(rest).length) length = rest + String(length).length;
    parts.push(`${length} ${key}=${value}\n`);
  }
  return Buffer.from(parts.join(''), 'latin1');
}
