// Moving between rectangles with the arrow keys.

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * Index of the rectangle next to `rects[from]` in an arrow key's direction, or `from` when there is none. A neighbour that
 * lies straight ahead wins over one to the side.
 * @param {{x: number, y: number, width: number, height: number}[]} rects
 */
export function neighbour(rects, from, key) {
  const [dx, dy] = DIRECTIONS[key];
  const start = rects[from];
  let best = from;
  let least = Infinity;
  rects.forEach((rect, index) => {
    if (index === from) return;
    const ahead = dx !== 0 ? gapAhead(start.x, start.width, rect.x, rect.width, dx)
      : gapAhead(start.y, start.height, rect.y, rect.height, dy);
    if (ahead === null) return;
    const aside = dx !== 0 ? gapAside(start.y, start.height, rect.y, rect.height)
      : gapAside(start.x, start.width, rect.x, rect.width);
    const cost = ahead + 3 * aside;
    if (cost < least) {
      least = cost;
      best = index;
    }
  });
  return best;
}

/** How far ahead the other begins; null when it does not lie ahead. */
function gapAhead(at, size, other, otherSize, sign) {
  const gap = sign > 0 ? other - (at + size) : at - (other + otherSize);
  return gap > -Math.min(size, otherSize) / 2 ? Math.max(0, gap) : null;
}

/** 0 where the middle of the start lies beside the other, else how far it is off. */
function gapAside(at, size, other, otherSize) {
  const middle = at + Math.min(size / 2, 12);
  return Math.max(0, other - middle, middle - (other + otherSize));
}

export function isArrow(key) {
  return key in DIRECTIONS;
}
