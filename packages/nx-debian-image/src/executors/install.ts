import { recording } from '../reasons/record.ts';
import { executorOf } from './execute.ts';

export default recording('install', executorOf('install'));
