export type { Auth, Cloud, Proxies, Scope, TlsFiles, UserName } from './cloud.ts';
export { loadCloud, type CloudRequest } from './load.ts';
