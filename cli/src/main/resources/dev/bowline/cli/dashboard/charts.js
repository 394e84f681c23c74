/** Draws what has happened in the last minutes: a card for each chart, with its numbers above it. */
import uPlot from './uplot.js';
import { bytes, bytesPerSecond, count, duration, element, percent, perSecond, short, timeOfDay } from './format.js';
import { HISTORY_MILLIS } from './numbers.js';
import { words } from './page-words.js';

const HEIGHT = 132;
const LEAST_MILLIS = 120_000; // a page that was just opened shows so much, later ones the whole history

const wholeBytes = (number) => bytes(number).replace('.0 ', ' ');

/** What is shown: titles, and of each line its name, what it is in a point, and its color. */
const CHARTS = [
  {
    title: words['chart-connections'],
    format: count,
    axis: short,
    lines: [
      { name: words['line-open'], of: 'connections', color: 'one' },
      { name: words['line-sessions'], of: 'connected', color: 'two' },
    ],
  },
  {
    title: words['chart-messages'],
    format: perSecond,
    axis: short,
    lines: [
      { name: words['line-in'], of: 'received', color: 'one' },
      { name: words['line-out'], of: 'sent', color: 'two' },
    ],
  },
  {
    title: words['chart-traffic'],
    format: bytesPerSecond,
    axis: wholeBytes,
    binary: true,
    lines: [
      { name: words['line-in'], of: 'bytesReceived', color: 'one' },
      { name: words['line-out'], of: 'bytesSent', color: 'two' },
    ],
  },
  {
    title: words['chart-delivery'],
    format: duration,
    axis: (millis) => (millis === 0 ? '0' : duration(millis)),
    lines: [
      { name: words['line-p50'], of: 'p50', color: 'one' },
      { name: words['line-p99'], of: 'p99', color: 'two' },
    ],
  },
  {
    title: words['chart-load'],
    format: percent,
    axis: (share) => `${Math.round(share * 100)} %`,
    most: 1,
    lines: [{ name: words['line-busy'], of: 'load', color: 'one' }],
  },
  {
    title: words['chart-heap'],
    format: bytes,
    axis: wholeBytes,
    binary: true,
    lines: [{ name: words['line-used'], of: 'heap', color: 'one' }],
    beside: (point) => words['of-all'](bytes(point.maxHeap)),
  },
];

/** Steps of an axis of bytes; other axes have those of ten. */
const BINARY_STEPS = Array.from({ length: 40 }, (_, i) => 2 ** i);

/** What colors are by the page's style: a canvas takes no variables. */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

class Chart {
  #spec;
  #points = [];
  #at = null; // which point the pointer is at
  #plot = null;
  #values;
  #when;
  #beside;
  #frame;

  constructor(spec) {
    this.#spec = spec;
    this.#values = spec.lines.map(() => element('strong', '–'));
    this.#when = element('small', '', 'when');
    this.#beside = element('span', '', 'beside');
    const keys = spec.lines.map((line, i) =>
      element('span', [element('span', '', `key ${line.color}`), `${line.name} `, this.#values[i]], 'value'),
    );
    this.#frame = element('div', '', 'frame');
    this.#frame.setAttribute('role', 'img');
    this.element = element(
      'section',
      [element('h2', [spec.title, this.#when]), element('p', [...keys, this.#beside], 'values'), this.#frame],
      'card chart',
    );
  }

  /** Begins, or begins anew, as the colors are others. */
  draw() {
    this.#plot?.destroy();
    const { lines, axis, binary, most } = this.#spec;
    const line = color('line');
    const axes = {
      stroke: color('soft'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        padding: [10, 6, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { time: true, range: () => this.#span() },
          y: { range: (plot, least, highest) => [0, most ?? (highest > 0 ? highest * 1.1 : 1)] },
        },
        axes: [
          {
            ...axes,
            size: 22,
            gap: 4,
            grid: { show: false },
            space: 70,
            incrs: [60, 120, 300],
            values: (plot, seconds) => seconds.map((one) => timeOfDay(one * 1_000).slice(0, 5)),
          },
          {
            ...axes,
            size: 62,
            gap: 6,
            space: 34,
            ...(binary ? { incrs: BINARY_STEPS } : {}),
            values: (plot, values) => values.map(axis),
          },
        ],
        series: [
          {},
          ...lines.map((one, i) => ({
            stroke: color(one.color),
            width: 1.75,
            fill: i === 0 ? color(`${one.color}-soft`) : undefined,
            points: { show: false },
            spanGaps: false,
          })),
        ],
        hooks: {
          setCursor: [
            (plot) => {
              this.#at = plot.cursor.idx ?? null;
              this.#tell();
            },
          ],
        },
      },
      this.#data(),
      this.#frame,
    );
  }

  /** From the first point to the last, in seconds. */
  #span() {
    const end = this.#points.at(-1)?.atMillis ?? Date.now();
    const millis = end - (this.#points[0]?.atMillis ?? end);
    return [(end - Math.min(HISTORY_MILLIS, Math.max(LEAST_MILLIS, millis))) / 1_000, end / 1_000];
  }

  #size() {
    return { width: Math.max(160, this.#frame.clientWidth), height: HEIGHT };
  }

  #data() {
    return [
      this.#points.map(({ atMillis }) => atMillis / 1_000),
      ...this.#spec.lines.map(({ of }) => this.#points.map((point) => point[of])),
    ];
  }

  show(points) {
    this.#points = points;
    this.#plot?.setData(this.#data());
    this.#tell();
  }

  resize() {
    this.#plot?.setSize(this.#size());
  }

  /** The numbers of the moment that the pointer is at, or else the last ones. */
  #tell() {
    const point = (this.#at === null ? undefined : this.#points[this.#at]) ?? this.#points.at(-1);
    if (!point) return;
    const { lines, format, beside, title } = this.#spec;
    const values = lines.map(({ of }) => format(point[of]));
    values.forEach((value, i) => {
      this.#values[i].textContent = value;
    });
    this.#when.textContent = this.#at === null ? '' : timeOfDay(point.atMillis);
    this.#beside.textContent = beside?.(point) ?? '';
    this.#frame.setAttribute('aria-label', `${title}: ${lines.map(({ name }, i) => `${name} ${values[i]}`).join(', ')}`);
  }
}

/** All charts, in an element; they take its width and the page's colors. */
export class Charts {
  #charts = CHARTS.map((spec) => new Chart(spec));

  constructor(parent) {
    parent.append(...this.#charts.map((chart) => chart.element));
    const draw = () => this.#charts.forEach((chart) => chart.draw());
    draw();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
    new ResizeObserver(() => this.#charts.forEach((chart) => chart.resize())).observe(parent);
  }

  show(points) {
    this.#charts.forEach((chart) => chart.show(points));
  }
}
