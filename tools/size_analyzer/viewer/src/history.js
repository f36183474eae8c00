// The embedded points of a history, decoded; what changed from build to build.
import { visible } from './format.js';
import { MEASURES } from './report.js';

export class History {
  constructor(data) {
    this.title = data.title;
    this.source = data.source;
    this.measures = data.measures;
    this.builds = data.builds.map((build) => ({ label: visible(build.label), date: build.date }));
    this.series = data.series.map((each, index) => ({ ...each, index, name: visible(each.name), group: visible(each.group) }));
    this.marks = data.marks;
    this.isDated = this.builds.every((build) => build.date !== '');
  }

  /** Bytes of a series at a build, or null. */
  value(series, build, measure) {
    const point = series.points[build];
    return point === null || point === undefined ? null : point[MEASURES.indexOf(measure)];
  }

  /** First and last build that have the series: {first, last, from, to}; null when none has. */
  span(series, measure) {
    const has = series.points.map((_, build) => build).filter((build) => this.value(series, build, measure) !== null);
    if (has.length === 0) return null;
    const [first, last] = [has[0], has[has.length - 1]];
    return { first, last, from: this.value(series, first, measure), to: this.value(series, last, measure) };
  }

  /** The latest build before `build` that has the series; -1 when none. */
  buildBefore(series, build) {
    for (let at = build - 1; at >= 0; at--) if (series.points[at]) return at;
    return -1;
  }

  /** Every build at which a series changed: {series, build, from, to, delta, mark}, in the order of the builds. */
  steps(series, measure) {
    const found = [];
    for (let build = 0; build < this.builds.length; build++) {
      const to = this.value(series, build, measure);
      if (to === null) continue;
      const before = this.buildBefore(series, build);
      const from = before < 0 ? null : this.value(series, before, measure);
      const mark = this.marks.find((each) => each.series === series.index && each.build === build) ?? null;
      const delta = from === null ? 0 : to - from;
      if (delta !== 0 || mark) found.push({ series, build, from, to, delta, mark });
    }
    return found;
  }
}
