import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asides, stages } from './stages.ts';
import { lookedAt } from './unhashed/look.ts';

// What is said twice, because Nx reads JSON or because the plugin must load fast, is said alike.

const here = (path: string): URL => new URL(path, import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));

it('has an executor with its schema for each stage and what else can be done', () => {
  const { executors } = json('../executors.json');
  expect(Object.keys(executors)).toEqual([...stages, ...asides].map(({ name }) => name));
  for (const { name, description } of [...stages, ...asides]) {
    const hasher = lookedAt(`nx-debian-image:${name}`) === undefined ? {} : { hasher: './hasher.mjs#hasher' };
    expect(executors[name]).toEqual({
      implementation: `./executors.mjs#${name}`,
      ...hasher,
      schema: `./schemas/${name}.json`,
      description,
    });
    expect(json(`../schemas/${name}.json`)).toMatchObject({ version: 2, description, additionalProperties: false });
  }
});

it('names the releases and architectures that image.json takes', () => {
  const { release, arch } = json('../schemas/generator-image.json').properties;
  const known = json('../schemas/image.schema.json').properties;
  expect(release.description).toContain(`Known: ${known.release.enum.join(', ')}.`);
  expect(arch.description).toContain(`Known: ${known.arch.enum.join(', ')}.`);
});

it('finds the sources of every entry of the packages, where nothing has been built', () => {
  const sources = ['artifact-store', 'debian-image', 'http', 'openstack', 'registry', 'report'].flatMap((folder) => {
    const { name, exports } = json(`../../${folder}/package.json`) as { name: string; exports: Record<string, Record<string, string>> };
    return Object.entries(exports).flatMap(([entry, { '@nx-debian-image/source': source }]) =>
      source === undefined ? [] : [[name + entry.slice(1), [`./packages/${folder}/${source.slice(2)}`]]],
    );
  });
  expect(sources.length).toBeGreaterThan(4);
  expect(json('../../../tsconfig.base.json').compilerOptions.paths).toMatchObject(Object.fromEntries(sources) as object);
});
