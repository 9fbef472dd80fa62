import { createHash } from 'node:crypto';

/** A UUID that follows from a seed (such as the digests of the layers) and a purpose: version 8 of RFC 9562, filled from SHA-256. */
export function uuidFrom(seed: string, purpose: string): string {
  const bytes = createHash('sha256').update(`${purpose}\n${seed}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
