import { Failure, suggest } from '@nx-debian-image/report';

/** A line that the script prints for programs. */
export type Marker =
  /** `::step NAME TITLE`: a step begins. */
  | { readonly kind: 'step'; readonly name: string; readonly title: string }
  /** `::note TEXT`: worth telling, and nothing is wrong. */
  | { readonly kind: 'note'; readonly text: string }
  /** `::problem TEXT`: why it cannot go on. */
  | { readonly kind: 'problem'; readonly text: string }
  /** `::unknown-KIND NAME`: something that image.json names and the tree lacks; candidates follow. */
  | { readonly kind: 'unknown'; readonly what: string; readonly name: string }
  /** `::candidate NAME`: what the tree has instead. */
  | { readonly kind: 'candidate'; readonly name: string }
  /** `::failed STATUS NAME`: the step that failed, and the status that the script ends with. */
  | { readonly kind: 'failed'; readonly status: number; readonly step: string };

/** The marker that a line is, or undefined where it is what some program said. */
export function parseMarker(line: string): Marker | undefined {
  const [, word = '', rest = ''] = /^::([a-z-]+) (.*)$/.exec(line) ?? [];
  const [first = '', ...others] = rest.split(' ');
  if (word === 'step') return { kind: 'step', name: first, title: others.join(' ') };
  if (word === 'note' || word === 'problem') return { kind: word, text: rest };
  if (word === 'candidate') return { kind: 'candidate', name: rest };
  if (word === 'failed') return { kind: 'failed', status: Number(first), step: others.join(' ') };
  if (word.startsWith('unknown-')) return { kind: 'unknown', what: word.slice('unknown-'.length), name: rest };
  return undefined;
}

/** Where image.json names what the tree may lack, by the word after `unknown-`. */
const fields: Readonly<Record<string, { readonly what: string; readonly field: string; readonly hint: string }>> = {
  module: { what: 'kernel module', field: 'modules', hint: 'The kernel of the image has no such module.' },
  locale: { what: 'locale', field: 'locales', hint: 'The names stand in /usr/share/i18n/SUPPORTED of the package locales.' },
  timezone: { what: 'time zone', field: 'timezone', hint: 'Zones of old names are in the package tzdata-legacy from trixie on.' },
  user: { what: 'user', field: 'files', hint: 'Add it to users, or a package that makes it to packages.' },
  group: { what: 'group', field: 'users and files', hint: 'Add a package that makes it to packages.' },
  shell: { what: 'shell', field: 'users', hint: 'Add its package to packages.' },
  service: { what: 'service', field: 'services', hint: 'Add its package to packages.' },
};

/**
 * What the script's own lines say about why it ended: Failure `not-found` for a name that the tree lacks, with the nearest right one,
 * `invalid` for a problem that it names; undefined where a program failed for reasons of its own.
 */
export function explainMarkers(markers: readonly Marker[]): Failure | undefined {
  const candidates = markers.flatMap((marker) => (marker.kind === 'candidate' ? [marker.name] : []));
  for (const marker of markers) {
    if (marker.kind === 'problem') return new Failure('invalid', marker.text, { where: 'image.json' });
    if (marker.kind !== 'unknown') continue;
    const { what, field, hint } = fields[marker.what] ?? { what: marker.what, field: '', hint: '' };
    const near = suggest(marker.name, candidates);
    return new Failure(
      'not-found',
      `There is no ${what} ${JSON.stringify(marker.name)} in the image${near === undefined ? '' : `; ${near}`}`,
      {
        where: `image.json: ${field}`,
        hint,
      },
    );
  }
  return undefined;
}
