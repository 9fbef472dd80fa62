/** JSON with sorted keys, two spaces and a line end: equal values give equal bytes. An error where a value is no JSON (NaN, a Date, a function). */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sorted(value, '$'), undefined, 2)}\n`;
}

function sorted(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${path}[${index}]`));
  if (typeof value === 'object' && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${path}.${key}`)]));
  }
  throw new TypeError(`${path} is not JSON: ${String(value)}`);
}
