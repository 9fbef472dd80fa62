/** The v3 address of a Keystone: `auth_url` may end in /v3, in the old /v2.0 or in neither. */
export function identityUrl(authUrl: string): string {
  return `${withoutVersion(authUrl)}/v3`;
}

/** The v2 address of a Glance: catalogs name it without a version, an override in clouds.yaml often with one. */
export function imageUrl(endpoint: string): string {
  return `${withoutVersion(endpoint)}/v2`;
}

function withoutVersion(url: string): string {
  return url
    .replace(/\/+$/, '')
    .replace(/\/v\d+(\.\d+)?$/, '')
    .replace(/\/+$/, '');
}
