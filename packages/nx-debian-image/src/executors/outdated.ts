import { listOutdated } from '@nx-debian-image/debian-image/upkeep';
import { executeWith } from './execute.ts';

export default executeWith(listOutdated);
