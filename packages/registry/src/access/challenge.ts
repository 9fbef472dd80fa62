/** What a registry asks for, as `WWW-Authenticate` says it. */
export type Challenge =
  | { readonly scheme: 'basic' }
  /** A token of the server at `realm`, for this service. */
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

// RFC 9110, 11.6.1: schemes with parameters, joined by commas; a parameter is a token or a quoted text
const pattern = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** Reads a challenge; a token goes before a password. Undefined where it asks for neither. */
export function parseChallenge(header: string): Challenge | undefined {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const [, word, quoted, plain] of header.matchAll(pattern)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: word!.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(word!.toLowerCase(), value);
  }
  const bearer = found.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
  if (bearer) return { scheme: 'bearer', realm: bearer.parameters.get('realm')!, service: bearer.parameters.get('service') };
  return found.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}
