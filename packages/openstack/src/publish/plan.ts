import { difference, type ImageChanges, type ImageRecord } from '../image/index.ts';
import { type Action, standIn } from './action.ts';
import { hasBytes, marks, partOf, versionName } from './marks.ts';
import { type Part, type PartName, partsOf, type Product } from './product.ts';
import { planRemovals } from './retention.ts';
import type { CloudState } from './state.ts';
import { changesToShow, changesToSide, draftOfRoot, draftOfSide, type Links } from './wanted.ts';

/**
 * What has to be done so that the cloud shows this product and nothing is left over; pure. Only `reuse` and `spare` where all is done.
 * Ids of images that the plan makes are stand-ins (`new:kernel`).
 */
export function plan(product: Product, state: CloudState): Action[] {
  const actions: Action[] = planLeftovers(product, state);
  const gone = new Set(actions.flatMap((action) => (action.kind === 'delete' ? [action.image.id] : [])));
  const own = state.own.filter(({ id }) => !gone.has(id));
  const target = rootWithBytes(product, own);

  const links: { kernel?: string; ramdisk?: string } = {};
  for (const name of ['kernel', 'ramdisk'] as const) {
    const part = product[name];
    if (!part) continue;
    const side = planSide(product, name, part, { ...state, own }, target);
    actions.push(...side.actions);
    links[name] = side.id;
  }

  const shown = own.filter((image) => partOf(image) === 'root' && !image.hidden && image.id !== target?.id);
  const previous = shown[0]?.id;
  actions.push(...planRoot(product, own, target, links, previous));
  for (const image of shown) actions.push(retire(product.name, image));
  const changes = changesToShow(product, links, target, previous);
  const missing = target ? difference(target, changes) : changes;
  if (Object.keys(missing).length > 0) actions.push({ kind: 'show', name: product.name, changes: missing });
  return [...actions, ...planRemovals(product, { ...state, own }, { target, links, previous })];
}

/** Hides a version that was current; its name then says which one it is. */
export function retire(product: string, image: ImageRecord): Action {
  const version = image.properties[marks.version] ?? image.createdAt;
  return { kind: 'retire', image, changes: { name: versionName(product, version), hidden: true } };
}

/** What broken-off runs left and nobody can go on with. */
function planLeftovers(product: Product, { own }: CloudState): Action[] {
  const wanted = new Map<PartName, string>(partsOf(product).map(([name, part]) => [name, part.sha512]));
  const resumed = new Set<PartName>();
  return own.toReversed().flatMap((image): Action[] => {
    const part = partOf(image)!;
    if (image.properties[marks.product] !== product.name) return [];
    const remove = (because: string): Action[] =>
      image.protected ? [{ kind: 'spare', image, because: 'it is protected' }] : [{ kind: 'delete', image, because }];
    if (['saving', 'uploading', 'importing'].includes(image.status)) return remove(`stuck in "${image.status}" since ${image.updatedAt}`);
    if (image.status === 'killed') return remove('its upload failed');
    if (image.status !== 'queued') return [];
    const format = part === 'root' && image.diskFormat !== product.rootFormat;
    if (image.properties[marks.sha512] !== wanted.get(part) || format || resumed.has(part))
      return remove('a broken-off run left it without bytes');
    resumed.add(part);
    return [];
  });
}

function rootWithBytes(product: Product, own: readonly ImageRecord[]): ImageRecord | undefined {
  const same = own.filter((image) => partOf(image) === 'root' && image.diskFormat === product.rootFormat && hasBytes(image, product.root));
  return same.find(({ hidden }) => !hidden) ?? same[0];
}

function planSide(
  product: Product,
  name: 'kernel' | 'ramdisk',
  part: Part,
  state: CloudState,
  target: ImageRecord | undefined,
): { id: string; actions: Action[] } {
  const same = [...state.own, ...state.shareable].filter((image) => partOf(image) === name && hasBytes(image, part));
  const image = same.find(({ id }) => id === target?.properties[`${name}_id`]) ?? same[0];
  if (image) {
    const changes = difference(image, changesToSide(product, image));
    return { id: image.id, actions: [{ kind: 'reuse', part: name, image }, ...update(name, changes)] };
  }
  const begun = begunOf(name, part, state.own);
  const draft = draftOfSide(product, name, part);
  return {
    id: begun?.id ?? standIn(name),
    actions: [
      begun ? { kind: 'resume', part: name, image: begun, changes: resuming(begun, draft) } : { kind: 'create', part: name, draft },
      { kind: 'upload', part: name, bytes: part },
      // Protected only now: a wrong upload has to be deletable.
      ...update(name, product.common.protected ? { protected: true } : {}),
    ],
  };
}

function planRoot(
  product: Product,
  own: readonly ImageRecord[],
  target: ImageRecord | undefined,
  links: Links,
  previous: string | undefined,
): Action[] {
  if (target) return [{ kind: 'reuse', part: 'root', image: target }];
  const draft = draftOfRoot(product, links, previous);
  const begun = begunOf('root', product.root, own);
  return [
    begun ? { kind: 'resume', part: 'root', image: begun, changes: resuming(begun, draft) } : { kind: 'create', part: 'root', draft },
    { kind: 'upload', part: 'root', bytes: product.root },
  ];
}

function begunOf(name: PartName, part: Part, own: readonly ImageRecord[]): ImageRecord | undefined {
  return own.find((image) => image.status === 'queued' && partOf(image) === name && image.properties[marks.sha512] === part.sha512);
}

function resuming(
  image: ImageRecord,
  { diskFormat: _disk, containerFormat: _container, ...draft }: ReturnType<typeof draftOfRoot>,
): ImageChanges {
  return difference(image, draft);
}

function update(part: PartName, changes: ImageChanges): Action[] {
  return Object.keys(changes).length > 0 ? [{ kind: 'update', part, changes }] : [];
}
