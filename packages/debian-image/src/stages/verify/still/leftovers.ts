/** What the making of an image may leave and every instance must have of its own; paths of plain files, without `/` before. */
const leftovers: readonly { readonly what: string; readonly pattern: RegExp; readonly filled?: true }[] = [
  { what: 'caches', pattern: /^var\/(?:lib\/apt\/lists|cache\/(?:apt|man)|cache\/ldconfig\/aux-cache)(?:\/|$)/ },
  { what: 'backups', pattern: /^(?:var\/lib\/dpkg\/.*-old|var\/cache\/debconf\/.*-old|etc\/(?:passwd|group|g?shadow|sub[ug]id)-)$/ },
  // by the package systemd-resolved: the name servers of the building machine
  { what: 'backups', pattern: /^etc\/\.resolv\.conf\.systemd-resolved\.bak$/ },
  { what: 'logs', pattern: /^var\/log\/.*(?:\.(?:gz|xz|\d|old)|\/?(?:bootstrap|dpkg|alternatives)\.log|\.journal)$/ },
  // Those that programs expect to be there are empty.
  { what: 'logs', pattern: /^var\/log\//, filled: true },
  { what: 'temporary files', pattern: /^(?:var\/)?tmp\// },
  { what: 'history', pattern: /^(?:root|home\/[^/]+)\/\.(?:\w+_history|lesshst|viminfo|wget-hsts)$/ },
  { what: 'persistent names of cards', pattern: /^etc\/udev\/rules\.d\/70-persistent-(?:net|cd)\.rules$/ },
  { what: 'leases', pattern: /^var\/lib\/(?:dhcp3?|dhcpcd)\// },
  { what: 'random seeds', pattern: /^var\/lib\/(?:systemd\/(?:random-seed|credential\.secret)|urandom\/random-seed)$/ },
];

/** What a plain file of an image is that must not be there; undefined for all others. Pure. */
export function leftoverOf(path: string, size: number): string | undefined {
  return leftovers.find(({ pattern, filled }) => pattern.test(path) && (!filled || size > 0))?.what;
}

/** What the image has not, for the report. */
export const leftoverKinds: readonly string[] = [...new Set(leftovers.map(({ what }) => what))];
