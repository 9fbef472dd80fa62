import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The real `openstack` client (Debian's python3-openstackclient): its answer as JSON, or undefined where it says nothing. */
export async function openstack(cloudsYaml: string, cloud: string, ...args: string[]): Promise<unknown> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8', OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: cloud };
  const { stdout } = await execute('/usr/bin/openstack', args, { env, maxBuffer: 1 << 24 });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}
