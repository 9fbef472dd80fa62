import type { Image } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';
import { ifupdownScript } from './network/ifupdown.ts';
import { networkdScript, noNetworkd } from './network/networkd.ts';

/**
 * Lets network cards get their addresses by DHCP whatever their names: with ifupdown where it is installed, else with systemd-networkd.
 */
export function networkStep({ network }: Image, { release }: ConfigureFacts): Step | undefined {
  if (network === 'none') return undefined;
  const missing = `problem 'network "dhcp" needs the package ifupdown, which is not in the image'\n`;
  const [undo, without] = release.init === 'systemd' ? [noNetworkd, networkdScript] : ['', missing];
  return {
    name: 'network',
    title: 'DHCP on the network cards',
    script: `if [ -x /sbin/ifup ]; then
${undo}${ifupdownScript(release)}else
${without}fi`,
  };
}
