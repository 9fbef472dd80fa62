import { basename, resolve } from 'node:path';
import { findContradictions } from './consistency.ts';
import { findInherited } from './inherited.ts';
import { type Lineage, type Neighbours, readLineage } from './lineage.ts';
import { type Merged, mergeSources } from './merge.ts';
import { type Problem, problemsOf } from './problems.ts';
import { type Image, resolveImage } from './resolve.ts';
import { imageSchema } from './schema.ts';
import { fileNames, invalid } from './source.ts';

/** The name of the file that makes a folder an image. */
export const imageFileName = fileNames.image;

const nobody: Neighbours = { image: new Map(), profile: new Map() };

/**
 * Reads the image of a folder with its profiles and the image that it starts from, found among its neighbours. Gives Failure `not-found`
 * where there is no image.json, and `invalid` with every problem (at most ten): the file and the path in it, what is expected, what
 * stands there, and the nearest right word.
 */
export async function readImage(folder: string, neighbours: Neighbours = nobody): Promise<Image> {
  return imageOf(await readLineage(resolve(folder), neighbours));
}

function imageOf(lineage: Lineage): Image {
  const last = lineage.at(-1)!;
  const before = lineage.filter(({ generation }) => generation < last.generation);
  const parent = before.length === 0 ? undefined : imageOf(before as unknown as Lineage);
  const merged = mergeSources(lineage);
  const parsed = imageSchema.safeParse(merged.written);
  const where = { schema: imageSchema, source: merged.written, file: imageFileName };
  const found = parsed.success ? findContradictions(parsed.data) : problemsOf(parsed.error, where);
  const alone = lineage.filter(({ generation }) => generation === last.generation).flatMap(({ problems }) => problems);
  const problems = [...alone, ...merged.problems, ...found.map(placed(merged))];
  if (!parsed.success || problems.length > 0) throw invalid(last, problems);
  const folderOf = (path: string): string => merged.originOf(path).source.folder;
  const image = resolveImage(parsed.data, last.folder, basename(last.folder), { parent, folderOf });
  const kept = parent === undefined ? [] : findInherited(image, parent).map(placed(merged));
  if (kept.length > 0) throw invalid(last, kept);
  return image;
}

/** Says of a problem with the whole in which file it stands, and where there. */
function placed({ originOf }: Merged): (problem: Problem) => Problem {
  return ({ path, message }) => {
    const { source, path: place } = originOf(path);
    return { path: place, message, file: source.file };
  };
}
