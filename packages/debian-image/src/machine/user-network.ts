/** How a guest on QEMU's user network reaches the machine that runs it (qemu(1), -netdev user). */
const hostOfGuest = '10.0.2.2';

/** An address as such a guest must call it: what listens on this machine's loopback has another one there. */
export function seenByGuest(address: string): string {
  return address.replace(/^(\w+:\/\/)(?:localhost|127(?:\.\d+){3}|\[::1\])(?=[:/]|$)/, `$1${hostOfGuest}`);
}
