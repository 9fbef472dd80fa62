import { executorOf } from './execute.ts';

export default executorOf('shrink');
