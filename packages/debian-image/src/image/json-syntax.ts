/** The first fault of a JSON text; `line` and `column` count from 1. */
export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The line that it stands in, without its line end. */
  readonly text: string;
}

class FaultAt {
  readonly offset: number;
  readonly message: string;
  constructor(offset: number, message: string) {
    this.offset = offset;
    this.message = message;
  }
}

const stringToken = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const wordToken = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/**
 * Finds what keeps a text from being JSON (RFC 8259), or a key that stands twice in one object, which JSON.parse would let pass.
 * Node's own messages name no line before version 22 and often no place at all.
 */
export function findSyntaxFault(text: string): SyntaxFault | undefined {
  try {
    const end = skipValue(text, skipSpace(text, 0));
    const rest = skipSpace(text, end);
    if (rest < text.length) throw new FaultAt(rest, 'nothing may follow the end of the JSON value');
    return undefined;
  } catch (fault) {
    if (!(fault instanceof FaultAt)) throw fault;
    const before = text.slice(0, fault.offset).split('\n');
    const line = before.length;
    return { message: fault.message, line, column: before.at(-1)!.length + 1, text: (text.split('\n')[line - 1] ?? '').replace(/\r$/, '') };
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/[ \t\r\n]/.test(text.charAt(at))) at += 1;
  if (/^(?:\/[/*]|#)/.test(text.slice(at, at + 2))) throw new FaultAt(at, 'comments are not allowed in JSON');
  return at;
}

function match(token: RegExp, text: string, at: number): string | undefined {
  token.lastIndex = at;
  return token.exec(text)?.[0];
}

function skipValue(text: string, at: number): number {
  const first = text.charAt(at);
  if (first === '{') return skipObject(text, at);
  if (first === '[') return skipArray(text, at);
  if (first === '"') return at + stringAt(text, at).length;
  const word = match(wordToken, text, at);
  if (word !== undefined) return at + word.length;
  if (first === '') throw new FaultAt(at, 'the text ends where a value must stand');
  if (first === "'") throw new FaultAt(at, 'text stands in double quotes in JSON');
  throw new FaultAt(at, 'a value must stand here: text in double quotes, a number, true, false, null, { or [');
}

function stringAt(text: string, at: number): string {
  const token = match(stringToken, text, at);
  if (token !== undefined) return token;
  throw new FaultAt(at, 'this text does not end on its line, or holds a \\ or a control character that JSON does not know');
}

function skipObject(text: string, start: number): number {
  const keys = new Set<string>();
  let at = skipSpace(text, start + 1);
  if (text.charAt(at) === '}') return at + 1;
  for (;;) {
    if (text.charAt(at) !== '"')
      throw new FaultAt(at, text.charAt(at) === '}' ? 'no comma may stand before }' : 'a key in double quotes must stand here');
    const token = stringAt(text, at);
    if (keys.has(token)) throw new FaultAt(at, `the key ${token} stands twice in this object`);
    keys.add(token);
    at = skipSpace(text, at + token.length);
    if (text.charAt(at) !== ':') throw new FaultAt(at, `a colon must follow the key ${token}`);
    at = skipSpace(text, skipValue(text, skipSpace(text, at + 1)));
    if (text.charAt(at) === '}') return at + 1;
    at = skipComma(text, at, '}');
  }
}

function skipArray(text: string, start: number): number {
  let at = skipSpace(text, start + 1);
  if (text.charAt(at) === ']') return at + 1;
  for (;;) {
    if (text.charAt(at) === ']') throw new FaultAt(at, 'no comma may stand before ]');
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) === ']') return at + 1;
    at = skipComma(text, at, ']');
  }
}

function skipComma(text: string, at: number, end: string): number {
  if (text.charAt(at) === ',') return skipSpace(text, at + 1);
  throw new FaultAt(at, at < text.length ? `a comma or ${end} must stand here` : `the text ends before its ${end}`);
}
