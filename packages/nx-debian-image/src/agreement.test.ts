import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shell, stages } from './stages.ts';

// What is said twice, because Nx reads JSON or because the plugin must load fast, is said alike.

const here = (path: string): URL => new URL(path, import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));

it('has an executor with its schema for each stage and for the shell', () => {
  const { executors } = json('../executors.json');
  expect(Object.keys(executors)).toEqual([...stages.map(({ name }) => name), shell.name]);
  for (const { name, description } of [...stages, shell]) {
    expect(executors[name]).toEqual({ implementation: `./dist/executors/${name}`, schema: `./schemas/${name}.json`, description });
    expect(json(`../schemas/${name}.json`)).toMatchObject({ version: 2, description, additionalProperties: false });
  }
});

it('names the releases and architectures that image.json takes', () => {
  const { release, arch } = json('../schemas/generator-image.json').properties;
  const known = json('../schemas/image.schema.json').properties;
  expect(release.description).toContain(`Known: ${known.release.enum.join(', ')}.`);
  expect(arch.description).toContain(`Known: ${known.arch.enum.join(', ')}.`);
});
