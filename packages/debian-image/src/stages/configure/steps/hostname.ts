import type { Image } from '../../../image/index.ts';
import { type Step, writeFile } from '../script.ts';

/** Names the machine. 127.0.1.1 is how Debian lets a machine find its own name (Debian Reference, 5.1.1). */
export function hostnameStep({ hostname }: Image): Step {
  const hosts = `127.0.0.1 localhost
127.0.1.1 ${hostname}
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters`;
  return {
    name: 'hostname',
    title: `host name ${hostname}`,
    script: writeFile('/etc/hostname', hostname) + writeFile('/etc/hosts', hosts),
  };
}
