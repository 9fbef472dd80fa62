import { Failure } from '@nx-debian-image/report';
import { z } from 'zod';

const endpointSchema = z.looseObject({
  interface: z.string(),
  url: z.string(),
  region_id: z.string().nullish(),
  region: z.string().nullish(),
});

/** What we read of a token (Identity API v3); a token without a scope has no catalog and no project. */
export const tokenSchema = z.looseObject({
  token: z.looseObject({
    expires_at: z.string(),
    project: z.looseObject({ id: z.string(), name: z.string() }).optional(),
    user: z.looseObject({ id: z.string(), name: z.string() }).optional(),
    catalog: z.array(z.looseObject({ type: z.string(), endpoints: z.array(endpointSchema) })).default([]),
  }),
});

export type Catalog = z.infer<typeof tokenSchema>['token']['catalog'];

export interface Wanted {
  readonly service: string;
  readonly interface: string;
  readonly region: string | undefined;
  readonly cloud: string;
}

/** The address of a service in the catalog. Failure `not-found` names what the catalog has instead. */
export function endpointOf(catalog: Catalog, wanted: Wanted): string {
  const endpoints = catalog.filter(({ type }) => type === wanted.service).flatMap((service) => service.endpoints);
  const regionOf = (endpoint: (typeof endpoints)[number]): string => endpoint.region_id ?? endpoint.region ?? '';
  const found = endpoints.find(
    (endpoint) => endpoint.interface === wanted.interface && (wanted.region === undefined || regionOf(endpoint) === wanted.region),
  );
  if (found) return found.url;
  const there = endpoints.map((endpoint) => `${endpoint.interface} in ${regionOf(endpoint) || 'no region'}`);
  const region = wanted.region === undefined ? '' : ` in region "${wanted.region}"`;
  const types = [...new Set(catalog.map(({ type }) => type))].toSorted();
  const having =
    there.length > 0
      ? `there is: ${there.join(', ')}`
      : types.length > 0
        ? `its catalog has only: ${types.join(', ')}`
        : 'its catalog is empty';
  throw new Failure('not-found', `cloud "${wanted.cloud}" has no ${wanted.interface} ${wanted.service} service${region}; ${having}`, {
    where: `clouds.${wanted.cloud}: region_name, interface`,
    hint:
      types.length > 0
        ? 'Correct region_name or interface in clouds.yaml, or name the address as image_endpoint_override.'
        : 'A token without a project has no catalog: add project_name to the cloud, or image_endpoint_override.',
  });
}
