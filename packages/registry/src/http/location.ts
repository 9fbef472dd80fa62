import { type HttpAnswer, type HttpRequest, isLoopback } from '@nx-debian-image/http';

/**
 * Where an answer sends us, whole or relative to what was asked; undefined where it names no address, or plain http in place of https,
 * other than on this machine.
 */
export function locationOf({ headers }: HttpAnswer, { url }: HttpRequest): URL | undefined {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  if (next.protocol === 'https:') return next;
  return next.protocol === 'http:' && (url.protocol === 'http:' || isLoopback(url.hostname)) ? next : undefined;
}
