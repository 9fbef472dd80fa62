import { lineageFields, ownFields, stageFields } from '@nx-debian-image/debian-image/stage-fields';
import type { TargetConfiguration } from '@nx/devkit';
import type { StageName } from '../stages.ts';
import type { Entry } from './catalogue.ts';
import type { Lineage } from './lineage.ts';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/**
 * What image.json and the files that it is made from say for a stage. Another file counts only where it has a field that decides the
 * stage, so that a profile about services makes nobody convert again; then it also counts which files there are and what they remove.
 */
export function fileInputs(stage: StageName, image: Entry, { profiles, ancestors }: Lineage): Inputs {
  const taken: readonly string[] = ownFields;
  const decided = stageFields[stage];
  const inherited = decided.filter((field) => !taken.includes(topOf(field)));
  const others = [
    ...profiles.map((entry) => ({ entry, fields: decided })),
    ...ancestors.map((entry) => ({ entry, fields: inherited })),
  ].filter(({ entry, fields }) => fields.some((field) => entry.file.fields.has(topOf(field))));
  const more = others.length === 0 ? [] : lineageFields;
  return [
    { json: '{projectRoot}/image.json', fields: [...decided, ...more] },
    ...others.map(({ entry, fields }) => ({ json: `{workspaceRoot}/${entry.root}/${entry.kind}.json`, fields: [...fields, ...more] })),
  ];
}

function topOf(field: string): string {
  return field.split('.')[0]!;
}
