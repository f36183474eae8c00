// The items as a tree, by component or by directory. Children add up to their parent in every measure.

/**
 * @typedef {object} Node
 * @property {string} key unlike that of its siblings; the keys from the root on are the node's address
 * @property {string} name
 * @property {'image'|'group'|'package'|'component'|'app'|'winnow'|'nobody'|'directory'|'file'|'part'|'overhead'} type
 * @property {Node|null} parent
 * @property {Node[]} children empty for leaves
 * @property {number[]} now logical, allocated, stored
 * @property {number[]} then of the baseline
 * @property {number[]} changed what came and what went, added up without sign
 * @property {number} files of the image
 * @property {number} filesThen
 * @property {number} itemsNow
 * @property {number} itemsThen
 * @property {number} owner index of the owner it stands for or belongs to, -1 for several
 * @property {object|null} item of a leaf
 */

export const NO_FILE = 'File system and container';

/** @param {Report} report @param {'component'|'directory'} by @param {(item) => boolean} [keeps] */
export function buildTree(report, by, keeps = () => true) {
  const builder = new Builder(report, by);
  for (const item of report.items) {
    if (keeps(item)) builder.add(item);
  }
  const root = builder.root;
  joinChains(root);
  sum(root);
  return root;
}

class Builder {
  constructor(report, by) {
    this.report = report;
    this.by = by;
    this.root = makeNode('', report.image.name, 'image', null);
    this.folders = new Map(); // owner's root -> folders by directory index
    this.owners = new Map();
    this.index = new Map(); // node -> children by key
  }

  add(item) {
    if (item.directory < 0) {
      this.addOverhead(item);
      return;
    }
    const top = this.by === 'component' ? this.ownerNode(item.owner) : this.root;
    const folder = this.folderNode(top, item.directory);
    const isWhole = item.part === '';
    const file = this.child(folder, `f:${item.name}`, item.name, 'file', item.owner);
    if (file.owner !== item.owner) file.owner = -1;
    // The file is itself the leaf until a second item of it comes.
    if (file.item === null && file.children.length === 0) {
      file.item = item;
      return;
    }
    if (file.item !== null) {
      const first = file.item;
      file.item = null;
      this.addPart(file, first);
    }
    this.addPart(file, item);
    if (isWhole) file.whole = item;
  }

  addPart(file, item) {
    const name = item.part || `content of ${item.name}`;
    const twin = item.shadowed ? 's' : '';
    const node = this.child(file, `p${twin}:${item.part}:${item.kind}:${item.owner}`, name, 'part', item.owner);
    if (node.item === null) node.item = item;
    else node.extra.push(item);
    if (item.part === '') file.whole = item;
  }

  addOverhead(item) {
    const group = this.child(this.root, 'overhead', NO_FILE, 'group', -1);
    const kind = this.report.kinds[item.kind];
    const parent = this.child(group, `k:${kind}`, kind, 'group', -1);
    const node = this.child(parent, `o:${item.name}:${item.part}`, item.name, 'overhead', -1);
    if (node.item === null) node.item = item;
    else node.extra.push(item);
  }

  ownerNode(index) {
    let node = this.owners.get(index);
    if (node) return node;
    const owner = this.report.owners[index];
    let parent = this.root;
    if (owner.kind === 'component' && owner.package) {
      parent = this.child(this.root, `g:${owner.package}`, owner.package, 'package', -1);
    }
    node = this.child(parent, `c:${owner.kind}:${owner.name}`, owner.name, owner.kind, index);
    this.owners.set(index, node);
    return node;
  }

  folderNode(top, directory) {
    if (directory === 0) return top;
    let folders = this.folders.get(top);
    if (!folders) this.folders.set(top, (folders = new Map()));
    let node = folders.get(directory);
    if (node) return node;
    const parent = this.folderNode(top, this.report.directories.parent[directory]);
    const name = this.report.directories.name[directory];
    node = this.child(parent, `d:${name}`, name, 'directory', top.owner);
    node.directory = directory;
    folders.set(directory, node);
    return node;
  }

  child(parent, key, name, type, owner) {
    let children = this.index.get(parent);
    if (!children) this.index.set(parent, (children = new Map()));
    let node = children.get(key);
    if (!node) {
      node = makeNode(key, name, type, parent);
      node.owner = owner;
      children.set(key, node);
      parent.children.push(node);
    }
    return node;
  }
}

function makeNode(key, name, type, parent) {
  return {
    key, name, type, parent, children: [], item: null, extra: [], whole: null, owner: -1, directory: -1,
    now: [0, 0, 0], then: [0, 0, 0], changed: [0, 0, 0], files: 0, filesThen: 0, itemsNow: 0, itemsThen: 0,
  };
}

/** "Windows" that holds nothing but "System32" becomes one node "Windows/System32". */
function joinChains(node) {
  for (let i = 0; i < node.children.length; i++) {
    let child = node.children[i];
    while (child.type === 'directory' && child.children.length === 1 && child.children[0].type === 'directory') {
      const only = child.children[0];
      only.name = `${child.name}/${only.name}`;
      only.key = `${child.key}/${only.key}`;
      only.parent = node;
      child = only;
    }
    node.children[i] = child;
    joinChains(child);
  }
}

function sum(node) {
  if (node.item) {
    if (node.type === 'file' && node.item.part) node.name = `${node.name} \u203a ${node.item.part}`;
    addItem(node, node.item);
    for (const item of node.extra) addItem(node, item);
    return;
  }
  for (const child of node.children) {
    sum(child);
    for (let m = 0; m < 3; m++) {
      node.now[m] += child.now[m];
      node.then[m] += child.then[m];
      node.changed[m] += child.changed[m];
    }
    node.itemsNow += child.itemsNow;
    node.itemsThen += child.itemsThen;
    node.files += child.files;
    node.filesThen += child.filesThen;
  }
}

function addItem(node, item) {
  for (let m = 0; m < 3; m++) {
    node.now[m] += item.now[m];
    node.then[m] += item.then[m];
    node.changed[m] += Math.abs(item.now[m] - item.then[m]);
  }
  if (item.isNow) node.itemsNow += 1;
  if (item.isThen) node.itemsThen += 1;
  const isFile = item.directory >= 0 && item.part === '';
  if (isFile && item.isNow) node.files += 1;
  if (isFile && item.isThen) node.filesThen += 1;
}

/** Every item below a node, in order. */
export function* itemsBelow(node) {
  if (node.item) {
    yield node.item;
    yield* node.extra;
    return;
  }
  for (const child of node.children) yield* itemsBelow(child);
}

/** 'new', 'gone', 'grew', 'shrank' or 'same', in one measure. */
export function changeOf(node, measure) {
  if (node.itemsThen === 0 && node.itemsNow > 0) return 'new';
  if (node.itemsNow === 0 && node.itemsThen > 0) return 'gone';
  const delta = node.now[measure] - node.then[measure];
  if (delta > 0) return 'grew';
  return delta < 0 ? 'shrank' : 'same';
}

/** From the root's child down to the node itself. */
export function addressOf(node) {
  const keys = [];
  for (let at = node; at.parent; at = at.parent) keys.unshift(at.key);
  return keys;
}

/** The node at an address, or the nearest that is there. */
export function nodeAt(root, address) {
  let node = root;
  for (const key of address) {
    const next = node.children.find((child) => child.key === key);
    if (!next) break;
    node = next;
  }
  return node;
}

/** What a node's bytes are, largest first: [[label, bytes]…]; `label` says what of an item counts. */
export function shares(node, measure, label, side = 'now') {
  const sums = new Map();
  for (const item of itemsBelow(node)) {
    const name = label(item);
    sums.set(name, (sums.get(name) ?? 0) + item[side][measure]);
  }
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
