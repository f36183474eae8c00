// The embedded data, decoded: items are the smallest things that have bytes (files, parts of files, bytes of no file).
import { visible } from './format.js';

export const MEASURES = ['logical', 'allocated', 'stored'];

/**
 * @typedef {object} Item
 * @property {number} directory index into Report.directories; -1 for bytes of no file
 * @property {string} name file's own name, or what the overhead is
 * @property {string} part name of the part of the file; '' for the file itself
 * @property {number} owner index into Report.owners
 * @property {number} kind index into Report.kinds
 * @property {string} language
 * @property {string} architecture
 * @property {boolean} shadowed
 * @property {number[]} now logical, allocated, stored
 * @property {number[]} then the same in the baseline
 * @property {boolean} isNow whether it is in the image
 * @property {boolean} isThen whether it is in the baseline
 */

const IS_SHADOWED = 1;
const IS_NOW = 2;
const IS_THEN = 4;

export class Report {
  constructor(data) {
    this.image = data.image;
    this.baseline = data.baseline;
    this.kinds = data.kinds;
    this.firstKindOfNoFile = data.first_kind_of_no_file;
    this.owners = data.owners.map((owner) => ({ ...owner, name: visible(owner.name), package: visible(owner.package) }));
    this.services = data.services;
    this.directories = { parent: data.directories.parent, name: data.directories.name.map(visible) };
    this.paths = new Array(this.directories.parent.length);
    this.items = decodeItems(data);
    this.total = data.image.total;
    this.totalThen = data.baseline ? data.baseline.total : [0, 0, 0];
  }

  get hasBaseline() {
    return this.baseline !== null;
  }

  /** "Windows/System32"; "" for the root and for bytes of no file. */
  directoryPath(index) {
    if (index <= 0) return '';
    if (this.paths[index] === undefined) {
      const parent = this.directoryPath(this.directories.parent[index]);
      this.paths[index] = parent ? `${parent}/${this.directories.name[index]}` : this.directories.name[index];
    }
    return this.paths[index];
  }

  /** Whole path of an item's file. */
  pathOf(item) {
    const folder = this.directoryPath(item.directory);
    return folder ? `${folder}/${item.name}` : item.name;
  }
}

function decodeItems(data) {
  const columns = data.items;
  const hasBaseline = data.baseline !== null;
  const items = new Array(columns.name.length);
  for (let i = 0; i < items.length; i++) {
    const flags = columns.flags[i];
    const now = [columns.logical[i], columns.allocated[i], columns.stored[i]];
    items[i] = {
      directory: columns.directory[i],
      name: visible(columns.name[i]),
      part: visible(data.parts[columns.part[i]]),
      owner: columns.owner[i],
      kind: columns.kind[i],
      language: data.languages[columns.language[i]],
      architecture: data.architectures[columns.architecture[i]],
      shadowed: (flags & IS_SHADOWED) !== 0,
      now,
      then: hasBaseline ? [columns.old_logical[i], columns.old_allocated[i], columns.old_stored[i]] : [0, 0, 0],
      isNow: (flags & IS_NOW) !== 0,
      isThen: (flags & IS_THEN) !== 0,
    };
  }
  return items;
}
