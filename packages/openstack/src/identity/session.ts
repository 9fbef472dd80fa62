import { placeOf, type Transport } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Cloud } from '../clouds/index.ts';
import { failureOf, jsonOf, request, type ServiceAnswer, type ServiceRequest } from '../http/index.ts';
import { identityUrl, imageUrl } from './address.ts';
import { authBody } from './body.ts';
import { endpointOf, tokenSchema } from './catalog.ts';

/** Talks to one cloud as one user. */
export interface Session {
  /** The address of the image service, with its version. */
  readonly imageUrl: string;
  /** The project that images belong to; undefined where there is no Keystone or no project. */
  readonly projectId: string | undefined;
  /** One request with our token; a token that expired is renewed once. Gives any answer. */
  request(asked: ServiceRequest): Promise<ServiceAnswer>;
}

interface Login {
  readonly token: string | undefined;
  readonly projectId: string | undefined;
  readonly endpoint: string;
}

/** Logs in. Failure `refused` (wrong password …), `not-found` (no image service in this region), `unreachable`. */
export async function openSession(cloud: Cloud, transport: Transport, signal?: AbortSignal): Promise<Session> {
  let login = await logIn(cloud, transport, signal);
  const send = (asked: ServiceRequest): Promise<ServiceAnswer> =>
    request(transport, { ...asked, headers: { ...asked.headers, ...(login.token ? { 'x-auth-token': login.token } : {}) } });
  return {
    imageUrl: imageUrl(login.endpoint),
    projectId: login.projectId,
    async request(asked) {
      const used = login.token;
      const answer = await send(asked);
      if (answer.status !== 401 || cloud.auth.type === 'none') return answer;
      if (login.token === used) login = await logIn(cloud, transport, asked.signal);
      return send(asked);
    },
  };
}

async function logIn(cloud: Cloud, transport: Transport, signal: AbortSignal | undefined): Promise<Login> {
  const { auth } = cloud;
  if (auth.type === 'none') return { token: auth.token, projectId: undefined, endpoint: cloud.imageEndpoint ?? auth.endpoint };
  const asked: ServiceRequest = {
    method: 'POST',
    url: new URL(`${identityUrl(auth.url)}/auth/tokens`),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(authBody(auth)),
    signal,
    doing: `logging in to cloud "${cloud.name}"`,
  };
  const answer = await request(transport, asked);
  if (answer.status >= 400) throw failureOf(answer, asked);
  const token = answer.headers['x-subject-token'];
  const parsed = tokenSchema.safeParse(jsonOf(answer, asked));
  if (!parsed.success || typeof token !== 'string') {
    throw new Failure('server-error', `${asked.doing}: the answer is no token of Keystone's`, {
      where: placeOf(asked),
      said: answer.text.slice(0, 300),
      hint: 'Is auth_url the address of a Keystone with API v3?',
    });
  }
  const { project, catalog } = parsed.data.token;
  const endpoint =
    cloud.imageEndpoint ?? endpointOf(catalog, { service: 'image', interface: cloud.interface, region: cloud.region, cloud: cloud.name });
  return { token, projectId: project?.id, endpoint };
}
