import { Failure } from '@nx-debian-image/report';

/** Where a repository is, by its name. */
export interface RepositoryName {
  /** As it was given. */
  readonly name: string;
  /** Host and port that are asked. */
  readonly host: string;
  /** What is below the host, such as `team/images`. */
  readonly path: string;
  /** Host and path as credentials are kept for them. */
  readonly account: string;
}

// OCI distribution 1.1, "Pulling manifests"
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const hostPattern = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;
const longest = 255;
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/**
 * Reads `host[:port]/path`. As for docker, a first part without dot and colon other than `localhost` is no host but a path of docker.io,
 * and a single word there is below `library`. Failure `invalid` where the name is none.
 */
export function parseName(name: string): RepositoryName {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = first === 'localhost' || /[.:[]/.test(first);
  const given = isHost ? first : 'docker.io';
  const rest = isHost ? name.slice(slash + 1) : name;
  const why = whyNot(name, given, rest);
  if (why !== undefined) {
    throw new Failure('invalid', `${JSON.stringify(name)} is no name of a repository: ${why}`, {
      hint: 'Write it as HOST[:PORT]/PATH, such as registry.example/team/images.',
    });
  }
  if (!dockerHub.has(given)) return { name, host: given, path: rest, account: `${given}/${rest}` };
  const path = rest.includes('/') ? rest : `library/${rest}`;
  return { name, host: 'registry-1.docker.io', path, account: `docker.io/${path}` };
}

function whyNot(name: string, host: string, path: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(name)) return 'it begins with a protocol';
  if (!hostPattern.test(host)) return `${JSON.stringify(host)} is no host`;
  if (!URL.canParse(`https://${host}/`)) return `${JSON.stringify(host)} is no host with a port`;
  if (path === '' || name === host) return 'there is no path behind the host';
  if (name.length > longest) return `it is longer than ${longest} letters`;
  if (/[:@]/.test(path)) return 'it ends in a tag or a digest';
  if (/[A-Z]/.test(path)) return 'its path has capital letters';
  return pathPattern.test(path) ? undefined : `${JSON.stringify(path)} is no path: words of a-z and 0-9, joined by / . _ or -`;
}
