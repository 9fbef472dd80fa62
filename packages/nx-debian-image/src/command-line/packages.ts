import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { debianPackages, type ImageNeeds } from '@nx-debian-image/debian-image/needs';
import { Failure, suggest } from '@nx-debian-image/report';
import { type Catalogue, type Entry, readCatalogue } from '../inference/catalogue.ts';
import { lineageOf } from '../inference/lineage.ts';

export interface PackagesRequest {
  readonly workspaceRoot: string;
  /** The projects that are meant; all images where none is named. */
  readonly names: readonly string[];
  /** Whether what verify needs is meant too. */
  readonly verify: boolean;
}

/** The Debian packages that building images needs on this machine, a line each. Fails as `not-found` for an image that there is not. */
export function packagesInLines({ workspaceRoot, names, verify }: PackagesRequest): string {
  const catalogue = readCatalogue(descriptions(workspaceRoot), workspaceRoot);
  const images = catalogue.entries.filter(({ kind }) => kind === 'image');
  const meant = names.length === 0 ? images : names.map((name) => imageNamed(name, images));
  const needs = meant.map((image) => needsOf(image, catalogue));
  return debianPackages(needs, { verify, host: process.arch }).join('\n');
}

function imageNamed(name: string, images: readonly Entry[]): Entry {
  const found = images.find(({ project }) => project === name);
  if (found !== undefined) return found;
  const projects = images.map(({ project }) => project);
  throw new Failure('not-found', `there is no image "${name}"; ${suggest(name, projects) ?? `known: ${projects.join(', ') || 'none'}`}`);
}

function needsOf(image: Entry, catalogue: Catalogue): ImageNeeds {
  const { architecture, profiles, ancestors } = lineageOf(image, catalogue);
  return {
    architecture,
    // An image that this one starts from is built first, as far as its tree.
    installer: [image, ...profiles, ...ancestors].some(({ file }) => file.installer),
    bare: [image, ...profiles].flatMap(({ file }) => file.bare),
  };
}

const elsewhere = new Set(['node_modules', 'dist', 'catalog', 'tmp']);

/** The files of images and profiles, without the graph of Nx, which takes seconds. */
function descriptions(workspaceRoot: string, folder = '.'): string[] {
  return readdirSync(posix.join(workspaceRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.has(entry.name) || entry.name.startsWith('.') ? [] : descriptions(workspaceRoot, path);
    return entry.name === 'image.json' || entry.name === 'profile.json' ? [path] : [];
  });
}
