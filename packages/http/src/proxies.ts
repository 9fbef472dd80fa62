import { Failure } from '@nx-debian-image/report';

/** The proxies of the environment (http_proxy, https_proxy, no_proxy), which curl and OpenStack's own clients use too. */
export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Host names and domains that are reached directly, separated by commas. */
  readonly except: string | undefined;
}

/** What the environment says. Of http only small letters count: a CGI script has HTTP_PROXY from whoever asks it. */
export function proxiesOf(environment: NodeJS.ProcessEnv): Proxies {
  return {
    http: environment['http_proxy'] || undefined,
    https: environment['https_proxy'] || environment['HTTPS_PROXY'] || undefined,
    except: environment['no_proxy'] || environment['NO_PROXY'] || undefined,
  };
}

/** The proxy for an address, or undefined where it is reached directly (`no_proxy`: hosts, domains, `*`). */
export function proxyFor(url: URL, { http, https, except }: Proxies): URL | undefined {
  const proxy = url.protocol === 'https:' ? https : http;
  if (!proxy) return undefined;
  const direct = (except ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const domain = entry.replace(/^\*?\./, '').toLowerCase();
      return entry === '*' || domain === url.hostname || domain === url.host || url.hostname.endsWith(`.${domain}`);
    });
  if (direct) return undefined;
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (URL.canParse(address)) return new URL(address);
  throw new Failure('invalid', `the proxy of the environment is no address: ${proxy}`, { where: `${url.protocol.slice(0, -1)}_proxy` });
}
