import type { Transport } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Credentials } from '../credentials/index.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { askToken, basic, type Token } from './token.ts';

/** What a request does, as scopes of tokens say it. */
export type Access = 'pull' | 'pull,push';

export interface RegistryAccount {
  /** The repository, without its host. */
  readonly path: string;
  /** Plain http is spoken to it. */
  readonly isPlain: boolean;
  find(): Promise<Credentials | undefined>;
}

/** Says what requests to one repository have to show. Anonymous until the registry asks; a token is asked for once and renewed in time. */
export class Authorizer {
  readonly #transport: Transport;
  readonly #account: RegistryAccount;
  #challenge: Challenge | undefined;
  #credentials: Promise<Credentials | undefined> | undefined;
  readonly #tokens = new Map<Access, Promise<Token>>();

  constructor(transport: Transport, account: RegistryAccount) {
    this.#transport = transport;
    this.#account = account;
  }

  /** The header for a request; undefined as long as nobody has asked for one. */
  async headerFor(access: Access, doing: string): Promise<string | undefined> {
    if (this.#challenge === undefined) return undefined;
    const credentials = await (this.#credentials ??= this.#account.find());
    if (this.#challenge.scheme === 'bearer') return `Bearer ${(await this.#token(this.#challenge, credentials, access, doing)).text}`;
    if (credentials?.kind === 'password') return basic(credentials);
    throw new Failure('refused', `${doing}: the registry asks for a name and a password, and there are none for it`, {
      hint: 'Log in: docker login, podman login or skopeo login. REGISTRY_AUTH_FILE names a file of credentials elsewhere.',
    });
  }

  /** Learns what a 401 asks for. Gives whether another attempt may do better than the one that had shown `shown`. */
  async learn(challenge: string | undefined, access: Access, shown: string | undefined): Promise<boolean> {
    const before = this.#challenge;
    this.#challenge = challenge === undefined ? undefined : parseChallenge(challenge);
    if (this.#challenge === undefined) return false;
    if (this.#challenge.scheme === 'basic') return shown === undefined || before?.scheme !== 'basic';
    const token = await this.#tokens.get(access)?.catch(() => undefined);
    if (token !== undefined && shown === `Bearer ${token.text}`) this.#tokens.delete(access);
    return true;
  }

  /** Where the credentials in use come from, to be told. */
  async source(): Promise<string | undefined> {
    return (await this.#credentials)?.from;
  }

  async #token(
    challenge: Challenge & { scheme: 'bearer' },
    credentials: Credentials | undefined,
    access: Access,
    doing: string,
  ): Promise<Token> {
    const known = this.#tokens.get(access);
    if (known !== undefined) {
      const token = await known;
      if (token.renewAt > Date.now()) return token;
      // Others that wait for the same have asked already.
      if (this.#tokens.get(access) !== known) return this.#token(challenge, credentials, access, doing);
    }
    const realm = this.#realmOf(challenge, doing);
    const scope = `repository:${this.#account.path}:${access}`;
    const asking = askToken(this.#transport, { realm, service: challenge.service, scope, credentials, doing });
    this.#tokens.set(access, asking);
    asking.catch(() => {
      if (this.#tokens.get(access) === asking) this.#tokens.delete(access);
    });
    return asking;
  }

  #realmOf({ realm }: Challenge & { scheme: 'bearer' }, doing: string): URL {
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && this.#account.isPlain)) return url;
    throw new Failure('refused', `${doing}: the registry names a token server that is no address of https`, {
      where: JSON.stringify(realm.slice(0, 200)),
      hint: 'No password is sent there. Tell who runs the registry.',
    });
  }
}
