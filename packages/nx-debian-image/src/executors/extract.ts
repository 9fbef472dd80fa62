import { recording } from '../reasons/record.ts';
import { executorOf } from './execute.ts';

export default recording('extract', executorOf('extract'));
