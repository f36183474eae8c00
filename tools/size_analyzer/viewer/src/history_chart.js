// Lines of bytes over builds, drawn by ECharts, with a cursor that the arrow keys move.
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkPointComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

import { element } from './dom.js';
import { humanSize } from './format.js';

echarts.use([LineChart, GridComponent, MarkPointComponent, CanvasRenderer]);

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const MOST_MARKS = 12; // on one line; the table has them all

export class HistoryChart {
  /** @param {{point(build, place), leave(), describe(build): string, value(series, build)}} events */
  constructor(history, events) {
    this.history = history;
    this.events = events;
    this.build = history.builds.length - 1;
    this.canvas = element('div', { class: 'chart-canvas', aria: { hidden: 'true' } });
    this.cursor = element('div', { class: 'chart-cursor', hidden: true });
    this.slider = element('div', {
      class: 'chart-slider', id: 'chart', role: 'slider', tabindex: '0', aria: { label: 'Build', valuemin: 1, valuemax: history.builds.length },
      onkeydown: (event) => this.onKey(event), onfocus: () => this.moveTo(this.build), onblur: () => this.leave(),
      onpointermove: (event) => this.onPointer(event), onpointerleave: () => this.leave(),
    });
    this.root = element('div', { class: 'chart' }, this.canvas, this.cursor, this.slider);
  }

  start() {
    this.chart = echarts.init(this.canvas, null, { renderer: 'canvas' });
    new ResizeObserver(() => { this.chart.resize(); this.leave(); }).observe(this.root);
    this.sayWhere();
  }

  /** @param {{lines: {series, colour}[], look, fromZero: boolean}} picture */
  draw(picture) {
    this.picture = picture;
    const { look } = picture;
    const axis = { axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false }, axisLabel: { color: look.quiet, fontFamily: FONT, hideOverlap: true } };
    this.chart.setOption({
      animation: false,
      grid: { left: 12, right: 28, top: 30, bottom: 10, containLabel: true },
      xAxis: this.history.isDated ? { ...axis, type: 'time', splitLine: { show: false } }
        : { ...axis, type: 'category', data: this.history.builds.map((build) => build.label), boundaryGap: false },
      yAxis: {
        ...axis, type: 'value', scale: !picture.fromZero, splitLine: { lineStyle: { color: look.line, opacity: 0.7 } },
        axisLabel: { ...axis.axisLabel, formatter: (bytes) => (bytes === 0 ? '0' : humanSize(bytes)) },
      },
      series: picture.lines.map((line) => this.line(line, look)),
    }, { notMerge: true });
    this.leave();
  }

  place(build) {
    return this.history.isDated ? Date.parse(this.history.builds[build].date) : build;
  }

  line({ series, colour }, look) {
    const points = this.history.builds.map((_, build) => [this.place(build), this.events.value(series, build)]);
    const shown = this.history.isDated ? points.filter(([, bytes]) => bytes !== null) : points;
    const marks = this.history.marks.filter((mark) => mark.series === series.index && points[mark.build][1] !== null).slice(-MOST_MARKS);
    return {
      type: 'line', name: series.name, data: shown, symbol: 'circle', symbolSize: shown.length > 60 ? 0 : 5, silent: true, connectNulls: false,
      itemStyle: { color: colour }, lineStyle: { color: colour, width: 2 },
      markPoint: {
        silent: true, symbol: 'circle', symbolSize: 13, label: { show: false },
        data: marks.map((mark) => ({ coord: points[mark.build], itemStyle: { color: 'transparent', borderWidth: 3, borderColor: mark.regression ? look.more : look.quiet } })),
      },
    };
  }

  x(build) {
    return this.chart.convertToPixel({ xAxisIndex: 0 }, this.place(build));
  }

  onPointer(event) {
    const x = event.clientX - this.root.getBoundingClientRect().left;
    let nearest = 0;
    for (let build = 1; build < this.history.builds.length; build++) {
      if (Math.abs(this.x(build) - x) < Math.abs(this.x(nearest) - x)) nearest = build;
    }
    this.moveTo(nearest);
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const last = this.history.builds.length - 1;
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.moveTo(Math.min(last, Math.max(0, this.build + steps[event.key])));
  }

  moveTo(build) {
    this.build = build;
    this.sayWhere();
    const x = this.x(build);
    this.cursor.hidden = false;
    this.cursor.style.left = `${x}px`;
    this.events.point(build, { x, y: 24 });
  }

  sayWhere() {
    this.slider.setAttribute('aria-valuenow', this.build + 1);
    this.slider.setAttribute('aria-valuetext', this.events.describe(this.build));
  }

  leave() {
    this.cursor.hidden = true;
    this.events.leave();
  }
}
