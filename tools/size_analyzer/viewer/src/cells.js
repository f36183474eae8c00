// Which nodes of the tree the treemap draws: as deep as there is room, what would be too small is gathered in one cell.

const SMALLEST_AREA = 110; // px²: below it a cell says nothing
const AREA_TO_OPEN = 5200; // px²: a node with less is drawn as one cell
const DEEPEST = 6;
const NEARLY_ALL = 0.9; // a file with a part this large is drawn as one cell

/**
 * @typedef {object} Cell
 * @property {Node|null} node null: what was gathered
 * @property {number} weight
 * @property {Cell[]} children
 * @property {number} gathered how many nodes a gathered cell stands for
 * @property {Node} within the node whose children were gathered
 */

/** Cells of what is inside `root`, on `area` px². `weigh` gives a node's share of the area. */
export function chooseCells(root, area, weigh) {
  const total = sumOf(root.children, weigh);
  if (root.children.length === 0) {
    const weight = weigh(root);
    return weight > 0 ? [{ node: root, weight, children: [], gathered: 0, within: root }] : [];
  }
  if (total <= 0) return [];
  return childCells(root, area / total, weigh, 1);
}

function sumOf(nodes, weigh) {
  return nodes.reduce((sum, node) => sum + weigh(node), 0);
}

function childCells(parent, scale, weigh, depth) {
  const cells = [];
  const gathered = { node: null, weight: 0, children: [], gathered: 0, within: parent };
  const ordered = parent.children.filter((node) => weigh(node) > 0).sort((a, b) => weigh(b) - weigh(a));
  for (const node of ordered) {
    const weight = weigh(node);
    const area = weight * scale;
    if (area < SMALLEST_AREA) {
      gathered.weight += weight;
      gathered.gathered += 1;
      continue;
    }
    const inside = endOfChain(node, weigh);
    const opens = inside.children.length > 0 && depth < DEEPEST && area >= AREA_TO_OPEN && !isNearlyOnePart(inside, weigh);
    cells.push({ node, weight, gathered: 0, within: parent, children: opens ? childCells(inside, scale, weigh, depth + 1) : [] });
  }
  if (gathered.gathered > 0) cells.push(gathered);
  return cells;
}

/** Where the first choice is: below a node with one child only that child could be drawn, in a frame of its own. */
function endOfChain(node, weigh) {
  let at = node;
  for (;;) {
    const children = at.children.filter((child) => weigh(child) > 0);
    if (children.length !== 1) return at;
    [at] = children;
  }
}

function isNearlyOnePart(node, weigh) {
  return node.type === 'file' && node.children.some((part) => weigh(part) >= NEARLY_ALL * weigh(node));
}
