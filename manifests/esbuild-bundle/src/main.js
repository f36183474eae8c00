import {greet} from './greet.js';
import {sum} from './numbers.js';

console.log(greet('winnow'), sum([1, 2, 3, 4]));
