/** JSON, or undefined: the words of a parser's error would be those of the text, which may be secret. */
export function secretJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
