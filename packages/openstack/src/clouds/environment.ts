import type { Settings } from './parse.ts';

/** Variables that choose among clouds; alone they make none (openstacksdk, `_get_os_environ`). */
const selectors = new Set(['OS_CLOUD', 'OS_REGION_NAME', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLOUD_NAME']);
const ignored = ['OS_TEST', 'OS_STD', 'OS_LOG'];

/** The cloud that the OS_* variables form (`OS_AUTH_URL` is `auth_url`), or undefined where they form none. */
export function cloudOfVariables(env: Readonly<Record<string, string | undefined>>): Settings | undefined {
  const names = Object.keys(env).filter((name) => name.startsWith('OS_') && !ignored.some((prefix) => name.startsWith(prefix)));
  if (!names.some((name) => !selectors.has(name))) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice(3).toLowerCase(), env[name]]).filter(([, value]) => value !== ''));
}

/** Secrets and certificates that a variable may add to a cloud of a file, where the file leaves them out. */
const additions = ['password', 'token', 'application_credential_secret', 'cacert', 'cert', 'key'];

/**
 * What the variables add to a cloud of a file. python-openstackclient lets every OS_* variable win over the file; here none does, since
 * an openrc that was sourced for another cloud would then send the image there. openstacksdk takes none at all.
 */
export function additionsOfVariables(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = additions.map((key) => [key, env[`OS_${key.toUpperCase()}`]] as const);
  return Object.fromEntries(given.filter(([, value]) => value));
}
