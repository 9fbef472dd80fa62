import { expect, it } from 'vitest';
import { networkPackages } from './network.ts';
import { releaseOf } from './releases.ts';

it('is systemd-networkd from bookworm on, and ifupdown where an image names it', () => {
  const needed = (name: Parameters<typeof releaseOf>[0], ...packages: string[]): string[] => networkPackages(releaseOf(name), packages);
  expect(needed('squeeze')).toEqual(['ifupdown', 'isc-dhcp-client']);
  expect(needed('bullseye')).toEqual(['ifupdown', 'isc-dhcp-client']);
  expect(needed('bookworm')).toEqual(['systemd-resolved']);
  expect(needed('trixie', 'vim', 'ifupdown')).toEqual(['ifupdown', 'dhcpcd-base']);
  expect(needed('sid')).toEqual(['systemd-resolved']);
});
