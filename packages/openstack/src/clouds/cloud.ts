import type { Proxies } from '@nx-debian-image/http';

/** How we prove who we are, as clouds.yaml or the OS_* variables say it. */
export type Auth =
  | {
      readonly type: 'password';
      readonly url: string;
      readonly user: UserName;
      readonly password: string;
      readonly scope: Scope | undefined;
    }
  | { readonly type: 'token'; readonly url: string; readonly token: string; readonly scope: Scope | undefined }
  | {
      readonly type: 'application-credential';
      readonly url: string;
      /** By id; or by its name together with the user that it belongs to. */
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: UserName };
      readonly secret: string;
    }
  /** No Keystone at all: the service answers everybody, or wants a token that never changes. */
  | { readonly type: 'none'; readonly endpoint: string; readonly token: string | undefined };

/** A domain of Keystone, by id or by name. */
export type Domain = { readonly id: string } | { readonly name: string };
export type UserName = { readonly id: string } | { readonly name: string; readonly domain: Domain };
export type Scope =
  | { readonly project: { readonly id: string } | { readonly name: string; readonly domain: Domain } }
  | { readonly domain: Domain }
  | { readonly system: { readonly all: true } };

/** How the server's certificate is judged, and which one we show. All are paths of PEM files. */
export interface TlsFiles {
  readonly verify: boolean;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** One cloud in one region: all that is needed to talk to it. */
export interface Cloud {
  readonly name: string;
  /** Where it was read: a path, or `the OS_* variables`. */
  readonly from: string;
  readonly auth: Auth;
  readonly region: string | undefined;
  /** `public`, `internal` or `admin`: which of a service's endpoints is used. */
  readonly interface: string;
  /** The image service's address, where it is not taken from the catalog. */
  readonly imageEndpoint: string | undefined;
  readonly tls: TlsFiles;
  readonly proxies: Proxies;
}
