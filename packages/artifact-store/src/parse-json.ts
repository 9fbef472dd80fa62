/** The value of a JSON text; undefined where it is none. It tells nothing of the text, which may be secret or another's. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
