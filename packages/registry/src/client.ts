import {
  bytesOf,
  exchange,
  type HttpAnswer,
  type HttpRequest,
  Interruption,
  retryAfter,
  statusFailure,
  type Transport,
} from '@nx-debian-image/http';
import type { Failure } from '@nx-debian-image/report';
import { type Access, Authorizer } from './access/index.ts';
import { locationOf } from './http/index.ts';

const longestWords = 64 * 1024;
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** One attempt at each request of a repository: shows who we are where that is asked, and follows redirects without showing it. */
export class Client {
  readonly transport: Transport;
  /** The address of the repository in the registry's interface, such as `https://registry.example/v2/team/images/`. */
  readonly base: URL;
  readonly #authorizer: Authorizer;

  constructor(transport: Transport, base: URL, authorizer: Authorizer) {
    this.transport = transport;
    this.base = base;
    this.#authorizer = authorizer;
  }

  /**
   * The answer to a request, where it is one that its caller has to judge. Interruption where it may pass: 429, 5xx, broken connections.
   * Failure `refused` for 401 and 403, `over-quota` of a registry that is full.
   */
  async ask(request: HttpRequest, access: Access): Promise<HttpAnswer> {
    const header = await this.#headerFor(request, access);
    const first = await this.#follow(request, header);
    if (first.status !== 401) return this.#judge(first, request);
    if (!(await this.#authorizer.learn(first.headers['www-authenticate'], access, header))) throw await this.#refusal(first, request);
    await this.words(first, request);
    const again = await this.#headerFor(request, access);
    const second = await this.#follow(request, again);
    if (second.status !== 401) return this.#judge(second, request);
    // A token that is not taken now may be another one tomorrow.
    await this.#authorizer.learn(second.headers['www-authenticate'], access, again);
    throw await this.#refusal(second, request);
  }

  /** What an answer says, at most 64 KiB; the connection can be used again. Empty where it breaks off. */
  async words(answer: HttpAnswer, request: HttpRequest): Promise<string> {
    const bytes = bytesOf(answer, request, this.transport, longestWords);
    return (await bytes.catch(() => Buffer.alloc(0))).toString('utf8');
  }

  /** The failure that an answer is to a caller that did not want it. */
  async unwanted(answer: HttpAnswer, request: HttpRequest): Promise<Failure> {
    return statusFailure(answer.status, await this.words(answer, request), request, this.transport.dialect);
  }

  /** Credentials are for the registry alone, wherever it sends us. */
  async #headerFor({ url, doing }: HttpRequest, access: Access): Promise<string | undefined> {
    return url.origin === this.base.origin ? this.#authorizer.headerFor(access, doing) : undefined;
  }

  async #follow(request: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
    const shown: Record<string, string> = authorization === undefined ? {} : { authorization };
    let at: HttpRequest = { ...request, headers: { ...request.headers, ...shown } };
    let answer = await exchange(this.transport, at);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer;
    for (let count = 0; redirects.has(answer.status); count += 1) {
      const url = locationOf(answer, at);
      if (url === undefined || count === mostRedirects) throw await this.unwanted(answer, at);
      await this.words(answer, at);
      // Once it has led to somebody else, nothing is shown any more.
      at = { ...(url.origin === at.url.origin ? at : request), url };
      answer = await exchange(this.transport, at);
      // Such an address is good for a short time only; the registry gives another one.
      const isElsewhere = url.origin !== this.base.origin;
      if (isElsewhere && (answer.status === 401 || answer.status === 403)) throw new Interruption(await this.unwanted(answer, at));
    }
    return answer;
  }

  async #judge(answer: HttpAnswer, request: HttpRequest): Promise<HttpAnswer> {
    const { status, headers } = answer;
    if (status === 403 || status === 507) throw await this.#refusal(answer, request);
    if (status !== 429 && (status < 500 || status === 501)) return answer;
    const failure = await this.unwanted(answer, request);
    if (failure.reason === 'over-quota') throw failure;
    const wanted = retryAfter(headers['retry-after']);
    throw new Interruption(failure, wanted === undefined ? {} : { retryAfterMs: wanted });
  }

  async #refusal(answer: HttpAnswer, request: HttpRequest): Promise<Failure> {
    const failure = await this.unwanted(answer, request);
    const source = await this.#authorizer.source();
    return source === undefined ? failure : failure.at(`${failure.where} with the credentials of ${source}`);
  }
}
