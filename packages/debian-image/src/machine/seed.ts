import { iso9660 } from './iso9660.ts';

/** What a cloud tells an instance. Of the network it says nothing: the image has its own way, DHCP where not said otherwise. */
export interface Seed {
  /** A new one is a first boot for cloud-init. */
  readonly instance: string;
  readonly hostname: string;
  /** Lines for authorized_keys. */
  readonly publicKeys: readonly string[];
  /** `#cloud-config`, a script or whatever else cloud-init takes; none where not given. */
  readonly userData?: string;
}

/** A disk for cloud-init's NoCloud: a file system with the label CIDATA. */
export function noCloudSeed({ instance, hostname, publicKeys, userData = '' }: Seed): Buffer {
  const metadata = { 'instance-id': instance, 'local-hostname': hostname, 'public-keys': publicKeys };
  return iso9660('CIDATA', [
    { path: 'meta-data', content: json(metadata) },
    { path: 'user-data', content: Buffer.from(userData) },
  ]);
}

/** A disk as Nova gives it to an instance: a file system with the label config-2, in the layout of its newest version. */
export function configDrive({ instance, hostname, publicKeys, userData }: Seed): Buffer {
  const keys = Object.fromEntries(publicKeys.map((key, index) => [`key-${index}`, key]));
  const metadata = { uuid: instance, name: hostname, hostname, public_keys: keys };
  return iso9660('config-2', [
    { path: 'openstack/latest/meta_data.json', content: json(metadata) },
    ...(userData === undefined ? [] : [{ path: 'openstack/latest/user_data', content: Buffer.from(userData) }]),
  ]);
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
