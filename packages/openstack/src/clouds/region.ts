import { Failure, suggest } from '@nx-debian-image/report';
import { isSettings, type Settings } from './parse.ts';

export interface Region {
  readonly name: string | undefined;
  /** Settings that hold in this region only. */
  readonly values: Settings;
}

/** The region that is meant: the wanted one, else the first of `regions` or `region_name`. Failure `not-found` names those there are. */
export function chooseRegion(settings: Settings, wanted: string | undefined, cloud: string): Region {
  const regions = knownRegions(settings, cloud);
  if (!wanted) return regions[0] ?? { name: undefined, values: {} };
  const region = regions.find(({ name }) => name === wanted);
  if (region) return region;
  if (regions.length === 0) return { name: wanted, values: {} };
  const names = regions.flatMap(({ name }) => name ?? []);
  const near = suggest(wanted, names);
  throw new Failure('not-found', `cloud "${cloud}" has no region "${wanted}"; it has: ${names.join(', ')}`, {
    where: 'OS_REGION_NAME',
    ...(near ? { hint: near } : {}),
  });
}

function knownRegions(settings: Settings, cloud: string): Region[] {
  const list = settings['regions'] ?? settings['region_name'];
  if (list === undefined || list === null || list === '') return [];
  const entries: unknown[] = Array.isArray(list) ? list : String(list).split(',');
  return entries.map((entry) => {
    if (typeof entry === 'string') return { name: entry.trim(), values: {} };
    if (isSettings(entry) && typeof entry['name'] === 'string') {
      return { name: entry['name'], values: isSettings(entry['values']) ? entry['values'] : {} };
    }
    throw new Failure('invalid', `cloud "${cloud}": a region must be a name, or { name, values }`, { where: `clouds.${cloud}.regions` });
  });
}
