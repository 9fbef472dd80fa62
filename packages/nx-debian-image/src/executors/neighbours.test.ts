import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { describe } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { neighboursOf } from './neighbours.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'neighbours-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The context of an executor that runs for a project of a workspace with these files, each in a project of its own. */
function context(projectName: string, files: readonly string[]): ExecutorContext {
  const projects: Record<string, { root: string }> = { tools: { root: 'tools' } };
  for (const file of files) {
    const folder = file.replace(/\/[^/]*$/, '');
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, file), '{}');
    projects[folder] = { root: folder };
  }
  return {
    root,
    cwd: root,
    isVerbose: false,
    projectName,
    nxJsonConfiguration: {},
    projectsConfigurations: { version: 2, projects },
    projectGraph: { nodes: {}, dependencies: {} },
  };
}

it('finds images and profiles by the names of their folders', () => {
  const { image, profile } = neighboursOf(context('images/web', ['images/web/image.json', 'images/profiles/slim/profile.json']));
  expect([...image]).toEqual([['web', join(root, 'images/web')]]);
  expect([...profile]).toEqual([['slim', join(root, 'images/profiles/slim')]]);
});

it('refuses to build either of two images of one name, and builds the others', () => {
  const files = ['a/web/image.json', 'b/web/image.json', 'c/image.json'];
  const told = (name: string): string => {
    try {
      return [...neighboursOf(context(name, files)).image.keys()].join(', ');
    } catch (error) {
      return describe(error).replaceAll(root, '');
    }
  };
  const refused = 'two images are called web\n  at: /a/web and /b/web\n  hint: Name one of the folders otherwise.';
  expect(['a/web', 'b/web', 'c'].map(told)).toEqual([refused, refused, 'web, c']);
});
