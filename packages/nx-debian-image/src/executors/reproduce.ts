import { reproduce } from '@nx-debian-image/debian-image';
import { executeWith } from './execute.ts';

export default executeWith(reproduce);
